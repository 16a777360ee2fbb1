import { describe, expect, test } from "bun:test";
import { createDecipheriv, hkdfSync } from "node:crypto";
import { parseToken } from "../../../filters/actions/token.ts";
import { recordWith } from "../apply-filter.ts";
import { actionOn, failureOf, KEY } from "./action-on.ts";

const MASTER = "00112233445566778899aabbccddeeff".repeat(2);
const BASE64 = Buffer.from(MASTER, "hex").toString("base64");
const gcm = (keyVersion = "1") => actionOn({ action: "encrypt", key: KEY, keyVersion }, MASTER);
const siv = (keyVersion = "1") => actionOn({ action: "encrypt", key: KEY, keyVersion, algorithm: "aes-siv" }, MASTER);

describe("AES-256-GCM", () => {
  test("is what the reference says: anybody with the key can open it", async () => {
    const action = await gcm("7");
    action.begin?.(recordWith(null));
    const token = action.text("Ada") ?? "";
    const [head = "", encoded = ""] = [token.slice(0, token.lastIndexOf(".")), token.slice(token.lastIndexOf(".") + 1)];
    expect(head).toBe("strait.1.gcm.7");
    const sealed = Buffer.from(encoded, "base64url");
    const key = new Uint8Array(hkdfSync("sha256", Buffer.from(MASTER, "hex"), "", "strait.1.gcm", 32));
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
    decipher.setAAD(Buffer.from(head));
    decipher.setAuthTag(sealed.subarray(-16));
    expect(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString()).toBe("tAda");
  });

  test("gives the same for the same record again, and something else for every other place", async () => {
    const action = await gcm();
    const record = recordWith(null);
    const sealedIn = (place: object, times = 1): readonly (string | null)[] => {
      action.begin?.({ ...record, ...place });
      return Array.from({ length: times }, () => action.text("Ada"));
    };
    const first = sealedIn({}, 3);
    expect(sealedIn({}, 3)).toEqual(first);
    const others = [{ offset: 18 }, { partition: 4 }, { topic: "orders2" }].flatMap((place) => sealedIn(place, 3));
    expect(new Set([...first, ...others]).size).toBe(12);
  });

  test("never has one nonce for two inputs, be it under another version of the same key", async () => {
    const nonces = new Set<string>();
    for (const version of ["1", "2"]) {
      const action = await gcm(version);
      for (let text = 0; text < 200; text++) {
        action.begin?.(recordWith(null));
        const token = parseToken(action.text(String(text)) ?? "");
        nonces.add(Buffer.from(token?.sealed.subarray(0, 12) ?? []).toString("hex"));
      }
    }
    expect(nonces.size).toBe(400);
  });

  test("fails where it is not known which record it is in", async () => {
    const action = await gcm();
    expect(failureOf(() => action.text("Ada"))).toContain("cannot encrypt $.field");
  });
});

describe("AES-SIV", () => {
  test("gives the same for the same text everywhere, and another for another version", async () => {
    const [one, again, other] = [(await siv()).text("Ada"), (await siv()).text("Ada"), (await siv("2")).text("Ada")];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
    expect(one).toMatch(/^strait\.1\.siv\.1\.[A-Za-z0-9_-]+$/);
  });
});

describe("a key", () => {
  test("is 32 bytes, as base64 or as hex digits of either case", async () => {
    const tokens = new Set<string | null>();
    for (const key of [MASTER, MASTER.toUpperCase(), BASE64])
      tokens.add((await actionOn({ action: "encrypt", key: KEY, algorithm: "aes-siv" }, key)).text("Ada"));
    expect(tokens.size).toBe(1);
  });

  for (const key of ["hunter2", MASTER.slice(1), `${MASTER}00`, `${MASTER} `, BASE64.slice(0, -1), `${BASE64}AAAA`]) {
    test(`of another form is refused without showing it (${key.length} characters)`, async () => {
      const made = actionOn({ action: "encrypt", key: KEY }, key);
      await expect(made).rejects.toMatchObject({ code: "secret-unavailable" });
      await made.catch((error: Error) => {
        expect(error.message).toContain("must be 32 bytes");
        expect(error.message).not.toContain(key);
        expect(error.message).not.toContain(String(key.length));
      });
    });
  }

  test("that is empty is refused", async () => {
    await expect(actionOn({ action: "encrypt", key: KEY }, "")).rejects.toThrow(
      "the key for encrypting $.field is empty",
    );
  });
});

test("half a surrogate pair in a text fails: it has no bytes", async () => {
  const action = await siv();
  expect(failureOf(() => action.text("\ud800"))).toContain("half a surrogate pair");
});
