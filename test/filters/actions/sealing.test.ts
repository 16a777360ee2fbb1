import { describe, expect, test } from "bun:test";
import { openGcm, openSiv, sealGcm, sealSiv } from "../../../filters/actions/sealing.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.fromHex(hex.replaceAll(" ", ""));

/** The Galois/Counter Mode of Operation (McGrew, Viega), appendix B, test case 16. */
const GCM = {
  key: bytes("feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308"),
  nonce: bytes("cafebabefacedbaddecaf888"),
  head: bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
  plaintext: bytes(
    "d9313225f88406e5a55909c5aff5269a 86a7a9531534f7da2e4c303d8a318a72 1c3c0c95956809532fcf0e2449a6b525 b16aedf5aa0de657ba637b39",
  ),
  ciphertext:
    "522dc1f099567d07f47f37a32a84427d 643a8cdcbfe5c0c97598a2bd2555d1aa 8cb08e48590dbb3da7b08b1056828838 c5f61e6393ba7a0abcc9f662",
  tag: "76fc6ece0f4e1768cddf8853bb2d551b",
};

/** RFC 5297, appendix A.1. */
const SIV = {
  key: bytes("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0 f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
  head: bytes("101112131415161718191a1b1c1d1e1f 2021222324252627"),
  plaintext: bytes("112233445566778899aabbccddee"),
  sealed: bytes("85632d07c6e8f37f950acd320a2ecc93 40c02b9690c4dc04daef7f6afe5c"),
};

const changed = (source: Uint8Array, at: number): Uint8Array => source.with(at, (source[at] ?? 0) ^ 1);

describe("AES-256-GCM", () => {
  const { key, nonce, head, plaintext } = GCM;
  const sealed = bytes(`cafebabefacedbaddecaf888 ${GCM.ciphertext} ${GCM.tag}`);

  test("gives the published ciphertext and tag behind the nonce", () => {
    expect(sealGcm(key, nonce, head, plaintext)).toEqual(sealed);
    expect(openGcm(key, head, sealed)).toEqual(plaintext);
  });

  test("opens nothing that is changed or cut off anywhere", () => {
    for (let at = 0; at < sealed.length; at++) {
      expect(() => openGcm(key, head, changed(sealed, at))).toThrow();
      expect(() => openGcm(key, head, sealed.subarray(0, at))).toThrow();
    }
    expect(() => openGcm(key, changed(head, 3), sealed)).toThrow();
    expect(() => openGcm(changed(key, 3), head, sealed)).toThrow();
  });
});

describe("AES-SIV", () => {
  const { key, head, plaintext, sealed } = SIV;

  test("gives the published bytes", () => {
    expect(sealSiv(key, head, plaintext)).toEqual(sealed);
    expect(openSiv(key, head, sealed)).toEqual(plaintext);
  });

  test("opens nothing that is changed or cut off anywhere", () => {
    for (let at = 0; at < sealed.length; at++) {
      expect(() => openSiv(key, head, changed(sealed, at))).toThrow();
      expect(() => openSiv(key, head, sealed.subarray(0, at))).toThrow();
    }
    expect(() => openSiv(key, changed(head, 3), sealed)).toThrow();
  });
});
