import { describe, expect, test } from "bun:test";
import { isIPv6 } from "node:net";
import fc from "fast-check";
import { formatAddress, parseAddress } from "../../../filters/actions/ip-address.ts";
import { actionOn, failureOf } from "./action-on.ts";

const network = () => actionOn({ action: "generalise", to: "network" });

describe("the network of an address", () => {
  const cases: readonly [address: string, expected: string | null][] = [
    ["192.0.2.77", "192.0.2.0"],
    ["192.0.2.0", null],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::"],
    ["2001:DB8:0001:2::", "2001:db8:1::"],
    ["2001:0:0:1::1", "2001::"],
    ["::1", "::"],
    ["::", null],
    ["0:0:1:2:3:4:5:6", "0:0:1::"],
    ["::ffff:192.0.2.77", "::ffff:192.0.2.0"],
    ["::FFFF:c000:024d", "::ffff:192.0.2.0"],
    ["2001:db8::192.0.2.1", "2001:db8::"],
    ["1:2:3:4:5:6:7::", "1:2:3::"],
  ];
  for (const [address, expected] of cases) {
    test(`of ${address} is ${expected ?? "itself"}`, async () => {
      expect((await network()).text(address)).toBe(expected);
    });
  }

  const none = [
    "",
    "1.2.3",
    "1.2.3.256",
    "1.2.3.04",
    "1.2.3.4/24",
    "fe80::1%eth0",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "::1.2.3.4.5",
    "1.2.3.4::",
    "example.org",
    ":1",
    "1:",
  ];
  for (const text of none) {
    test(`of ${JSON.stringify(text)} is a failure that does not show it`, async () => {
      const action = await network();
      expect(failureOf(() => action.text(text))).toBe("cannot generalise $.field: there is no IPv4 or IPv6 address");
    });
  }

  test("is had of bytes, too", async () => {
    const { bytes } = await network();
    expect(bytes?.(Uint8Array.of(192, 0, 2, 77))).toEqual(Uint8Array.of(192, 0, 2, 0));
    const six = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    expect(bytes?.(six)).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, ...new Array(10).fill(0)));
    expect(failureOf(() => bytes?.(Uint8Array.of(1, 2, 3)))).toContain("cannot generalise");
  });
});

/** The runtime's own spelling of an IPv6 address, which is RFC 5952 but for the dotted form. */
const canonical = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1);

describe("an IPv6 address", () => {
  const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 0xffff }));
  const groups = fc.array(group, { minLength: 8, maxLength: 8 });

  test("is read and written as the runtime does, in any spelling", () => {
    fc.assert(
      fc.property(groups, fc.boolean(), fc.nat({ max: 7 }), (numbers, upper, at) => {
        const spelt = numbers.map((number, i) => number.toString(16).padStart(i === at ? 4 : 1, "0")).join(":");
        const text = upper ? spelt.toUpperCase() : spelt;
        const bytes = parseAddress(text);
        if (bytes === null) throw new Error("it is an address");
        expect([...bytes]).toEqual(numbers.flatMap((number) => [number >> 8, number & 0xff]));
        const written = formatAddress(bytes);
        if (!written.includes(".")) expect(written).toBe(canonical(text));
        expect(parseAddress(written)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test("is told from other texts as the runtime does", () => {
    const text = fc.string({ unit: fc.constantFrom(":", ":", "0", "1", "f", ".", "25"), maxLength: 20 });
    fc.assert(
      fc.property(text, (candidate) => {
        fc.pre(candidate.includes(":"));
        // The runtime reads leading zeros in the dotted part, which some take for octal.
        fc.pre(!/(?:^|[.:])0[0-9]+\.|\.0[0-9]/.test(candidate));
        expect(parseAddress(candidate) !== null).toBe(isIPv6(candidate));
      }),
      { numRuns: 5000 },
    );
  });
});
