/** What counts and what does not, by example. All numbers are made up or published as examples. */

import { describe, expect, test } from "bun:test";
import { builtInDetectors } from "../../../filters/detectors/built-in.ts";
import { foundBy } from "./found-by.ts";

/** Matches are between « and ». */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  email: [
    "«zoe@example.org»",
    "mail <«zoe.o'brien+news@mail.example.co.uk»>, thanks",
    "mailto:«zoe@example.org»?subject=x",
    "the sentence ends with «zoe@example.org».",
    "user=«zoe@example.org»&x=1",
    "'«zoe@example.org»'",
    "..«zoe@example.org»",
    "«_zoe@example.org»",
    "«zoë@exämple.org»",
    "«zoe@xn--exmple-cua.xn--p1ai»",
    "メール«zoe@example.org»です",
    "«zoe@example.org»-old",
    "«a@b.cd»@«e@f.gh»",
    "«zoe@example.com»..org",
    "zoe@example",
    "zoe@example.c",
    "zoe@example.123",
    "zoe@example.o2",
    "zoe@-example.org",
    "@example.org",
    "zoe @example.org",
    "zoe@ example.org",
    '"zoe m"@example.org',
    "zoe@[192.0.2.1]",
    `zoe@${"a".repeat(64)}.org`,
    "@@@@",
  ],
  iban: [
    "«DE89 3704 0044 0532 0130 00»",
    "«DE89370400440532013000», «GB29NWBK60161331926819»",
    "«gb29nwbk60161331926819»",
    "«NO93 8601 1117 947» and «MT84 MALT 0110 0001 2345 MTLC AST0 01S»",
    "IBAN:«FR14 2004 1010 0505 0001 3M02 606».",
    "«DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000»",
    "«LC55HEMM000100010012001200023015» «BR1800360305000010009795493C1»",
    "DE88370400440532013000",
    "DE8937040044053201300",
    "DE893704004405320130000",
    "XX89370400440532013000",
    "DE89 3704 0044 0532 01 3000",
    "DE89-3704-0044-0532-0130-00",
    "IBANDE89370400440532013000",
    "DE89 3704 0044 0532 0130 00a",
  ],
  card: [
    "«4111111111111111»",
    "«4111 1111 1111 1111» and «5555-5555-5555-4444»",
    "«3782 822463 10005», «378282246310005»",
    "«3056 930902 5904»",
    "«6011000990139424» «3530111333300000» «2223003122003222»",
    "«4222222222222»",
    "12 «4111 1111 1111 1111» 123",
    "4111 1111 1111 1112",
    "4111-1111 1111-1111",
    "1111 1111 1111 1111",
    "41111111111111111111",
    "41 11 11 11 11 11 11 11",
    "4111  1111  1111  1111",
    "9000000000000001",
    "x4111111111111111",
    "0.4111111111111112",
  ],
  "us-ssn": [
    "«078-05-1120» «219 09 9999»",
    "SSN:«001-01-0001»",
    "000-12-3456",
    "666-12-3456",
    "900-12-3456 987-65-4321",
    "123-00-4567",
    "123-45-0000",
    "123456789",
    "123-45-67890",
    "1123-45-6789",
    "12-123-45-6789",
    "123-45-6789-1",
    "abc-de-fghi",
  ],
  "de-tax-id": [
    "«36574261809», «36 574 261 809»",
    // Three times the same digit is allowed since 2016, but not in a row.
    `«${withTaxCheck("1123145678")}»`,
    withTaxCheck("1112345678"),
    withTaxCheck("1234567890"),
    withTaxCheck("1122345678"),
    withTaxCheck("0123456788"),
    "36574261890",
    "365 742 618 09",
  ],
  "fr-nir": [
    "«295109912611193», «2 95 10 99 126 111 93» and «2951099126111 93»",
    "«253072B07300470» «253072a07300443»",
    "295109912611199",
    "253072C07300443",
    "395109912611193",
  ],
  "es-dni": [
    "«12345678Z», «12345678-z», «12.345.678-Z», «12.345.678Z», «12345678 Z»",
    "«X1234567L» «Y-1234567-X» «z1234567r»",
    "12345678A",
    "W1234567L",
    "1234567Z",
    "A12345678Z",
  ],
  "it-codice-fiscale": [
    "«RCCMNL83S18D969H», «CNTCHR83T41D969D», «rss mra 85t10 a562s»",
    "«RSS MRA 85T10 A562 S»",
    "RCCMNL83S18D969I",
    "RCCMNL83F18D969H",
    "00743110157",
  ],
  "uk-nhs": [
    "«943 476 5919» «943-476-5919» «9434765919»",
    "9434765918",
    "943 4765 919",
    // The check digit is right, but no such number is given out; times in seconds look like this.
    "1790000009",
    "«179 000 0009»",
  ],
  "uk-nino": [
    "«AB123456C» «AB 12 34 56 C» «ab123456d» «AB 123456 C»",
    "QQ123456C",
    "AO123456C",
    "GB123456A ZZ123456A",
    "AB123456E",
    "AB12345C",
    "AB123456",
  ],
  "nl-bsn": ["«111222333» «1112.22.333» «123456782»", "111222334", "000000000", "12345678", "1112222333"],
  "pl-pesel": [
    "«44051401359» «02070803628»",
    "44051401358",
    // The date does not exist: February 30.
    `${withPeselCheck("9902300000")}`,
    `«${withPeselCheck("0022290000")}»`,
    withPeselCheck("9913010000"),
    "440514 01359",
  ],
  ipv4: [
    "«192.0.2.1», «10.0.0.255»:8080 and «198.51.100.0»/24",
    "ends with «192.0.2.1».",
    "«010.000.000.001»",
    "256.0.0.1",
    "1.2.3",
    "1.2.3.4.5",
    "v1.2.3.4a",
    "1.2.3.0004",
  ],
  ipv6: [
    "«2001:db8::1» «2001:0DB8:0:0:0:0:0:1» «::1» «fe80::1»%eth0 «2001:db8::»/32",
    "[«2001:db8::1»]:443",
    "«::ffff:192.0.2.1» «64:ff9b::192.0.2.33»",
    "«fe80::1».Bad and «fe80::2».Next",
    "host:«2001:db8::1». And «2001:db8::2»:",
    "12:30:45",
    "00:1a:2b:3c:4d:5e",
    "std::vector and cafe::babe and ::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::1",
    "::256.0.0.1",
    "2001:db8::xyz",
  ],
  phone: [
    "«+49 170 1234567» «+491701234567» «+49 (0) 30 123456» «+49 (0)30/123456-78»",
    "«+1 212 555 1234», «+1 (212) 555-1234», «+1-212-555-1234»",
    "«+33 1 23 45 67 89» «+44 20 7946 0958» «+39 06 12345678» «(+34) 612 345 678»",
    "«0049 170 1234567» «00491701234567» «0044 20 7946 0958»",
    "tel:«+351-21-123-4567»",
    // Germany
    "«0170 1234567» «0170/1234567» «01701234567» «015112345678» «030 123456-78» «(030) 12345678» «030 12 34 56 78»",
    // France
    "«01 23 45 67 89» «06.12.34.56.78» «0612345678»",
    // Spain
    "«612 345 678» «612 34 56 78» «91 234 56 78»",
    // Italy
    "«06 12345678» «333 1234567» «347 123 4567» «333 12 34 567» «02 123 45 67»",
    // United Kingdom
    "«020 7946 0958» «0161 496 0123» «07700 900123» «07700900123» «(0161) 496 0123»",
    // Netherlands
    "«06-12345678» «020 123 4567» «0201234567»",
    // Poland
    "«512 345 678» «22 123 45 67» «(22) 123 45 67» «(22) 1234567»",
    // North America
    "«(212) 555-1234» «212-555-1234» «212.555.1234» «1-212-555-1234» «(212)555-1234»",
    "電話«0170 1234567»です",
    // Dates, times, amounts, versions and other numbers
    "2026-09-21T14:13:20.000Z 21.09.2026 02-03-2024 02/03/2024 01.02.2024 14:13:20",
    "1.234.567,89 123 456 789 1234567890 1790000000 1790000000000",
    "192.168.100.200 1.2.3.4 10-212-555-1234 212-555-1234-77",
    "+49 123",
    "+210 123456789",
    "+1 123 456 7890",
    "+1 212 555 12345",
    "212555123",
    "112-555-1234 212-911-1234",
    "170 1234567",
    "a+491701234567 ++491701234567",
    "123e4567-e89b-12d3-a456-426614174000",
  ],
};

test("every detector has examples", () => {
  expect(Object.keys(EXAMPLES).toSorted()).toEqual(builtInDetectors.map(({ name }) => name).toSorted());
});

describe.each(builtInDetectors.map((detector) => [detector.name, detector] as const))("%s", (name, detector) => {
  test.each(EXAMPLES[name]!)("%s", (marked) => {
    const text = marked.replaceAll(/[«»]/g, "");
    expect(foundBy(detector, text)).toEqual([...marked.matchAll(/«([^»]+)»/g)].map(([, match = ""]) => match));
  });
});

/** ISO 7064 MOD 11,10. */
function withTaxCheck(body: string): string {
  let product = 10;
  for (const digit of body) product = (((Number(digit) + product) % 10 || 10) * 2) % 11;
  return body + String((11 - product) % 10);
}

function withPeselCheck(body: string): string {
  const weights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + String((10 - (sum % 10)) % 10);
}
