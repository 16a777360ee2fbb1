/** One message as rd_kafka_produceva wants it described: an array of rd_kafka_vu_t. */

import { MSG_F_COPY, VTYPE, VU } from "./layout.ts";

/** The array of rd_kafka_vu_t that describes one message, filled anew for each. */
export class ProduceValues {
  static readonly #FIELDS = 8;
  readonly bytes = new Uint8Array(VU.size * ProduceValues.#FIELDS);
  /** For native calls that return a pointer. */
  readonly slot = new BigUint64Array(1);
  readonly #words = new Int32Array(this.bytes.buffer);
  /** Fields in use: all but the headers, which come last, where there are none. */
  count = ProduceValues.#FIELDS - 1;

  constructor() {
    const kinds = [
      VTYPE.RKT,
      VTYPE.PARTITION,
      VTYPE.VALUE,
      VTYPE.KEY,
      VTYPE.TIMESTAMP,
      VTYPE.MSGFLAGS,
      VTYPE.OPAQUE,
      VTYPE.HEADERS,
    ];
    for (const [index, kind] of kinds.entries()) this.#words[(index * VU.size) / 4] = kind;
    this.#set(5, MSG_F_COPY);
  }

  topic(address: number): void {
    this.#set(0, address);
  }
  partition(partition: number): void {
    this.#set(1, partition);
  }
  value(address: number, length: number): void {
    this.#set(2, address);
    this.#setSecond(2, length);
  }
  key(address: number, length: number): void {
    this.#set(3, address);
    this.#setSecond(3, length);
  }
  timestamp(milliseconds: number): void {
    this.#set(4, milliseconds);
  }
  tag(tag: number): void {
    this.#set(6, tag);
  }
  headers(address: number): void {
    this.count = address === 0 ? ProduceValues.#FIELDS - 1 : ProduceValues.#FIELDS;
    this.#set(7, address);
  }

  /** Writes a 64-bit integer as two halves, which is faster than a bigint. */
  #set(field: number, value: number): void {
    const at = (field * VU.size + VU.first) / 4;
    this.#words[at] = value | 0;
    this.#words[at + 1] = Math.floor(value / 4294967296);
  }
  #setSecond(field: number, value: number): void {
    const at = (field * VU.size + VU.second) / 4;
    this.#words[at] = value | 0;
    this.#words[at + 1] = Math.floor(value / 4294967296);
  }
}
