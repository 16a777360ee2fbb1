/** The detectors that come with strait, those that are surest first: of two matches of the same length the first counts. */

import { card } from "./card.ts";
import { deTaxId } from "./de-tax-id.ts";
import type { Detector } from "./detector.ts";
import { email } from "./email.ts";
import { esDni } from "./es-dni.ts";
import { frNir } from "./fr-nir.ts";
import { iban } from "./iban.ts";
import { ipv4 } from "./ipv4.ts";
import { ipv6 } from "./ipv6.ts";
import { itCodiceFiscale } from "./it-codice-fiscale.ts";
import { nlBsn } from "./nl-bsn.ts";
import { phone } from "./phone.ts";
import { plPesel } from "./pl-pesel.ts";
import { ukNhs } from "./uk-nhs.ts";
import { ukNino } from "./uk-nino.ts";
import { usSsn } from "./us-ssn.ts";

export const builtInDetectors: readonly Detector[] = [
  email,
  iban,
  card,
  itCodiceFiscale,
  frNir,
  esDni,
  ukNino,
  usSsn,
  ipv6,
  ipv4,
  deTaxId,
  plPesel,
  ukNhs,
  nlBsn,
  phone,
];
