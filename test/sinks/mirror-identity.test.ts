import { expect, test } from "bun:test";
import fc from "fast-check";
import { mirrorIdentity } from "../../src/sinks/mirror-identity.ts";

const names = fc.tuple(fc.string(), fc.string(), fc.nat());

test("whoever asks for the same partition of the same link gets the same ids", () => {
  fc.assert(
    fc.property(names, (of) => {
      expect(mirrorIdentity(...of)).toEqual(mirrorIdentity(...of));
    }),
  );
});

test("ids fit into what Kafka keeps of them and are far above those that clusters hand out", () => {
  fc.assert(
    fc.property(names, (of) => {
      const { data, markers } = mirrorIdentity(...of);
      expect([data >= 2n ** 62n, data < 2n ** 63n]).toEqual([true, true]);
      expect([markers >= 2n ** 61n, markers < 2n ** 62n]).toEqual([true, true]);
    }),
  );
});

test.each([
  ["another link", "b", "orders", 0],
  ["another topic", "a", "clicks", 0],
  ["another partition", "a", "orders", 1],
  ["names that are the same written in a row", "ao", "rders", 0],
])("%s has other ids", (_, link, topic, partition) => {
  const [one, other] = [mirrorIdentity("a", "orders", 0), mirrorIdentity(link, topic, partition)];
  const same = [one.data === other.data, one.markers === other.markers, one.transactionalId === other.transactionalId];
  expect(same).toEqual([false, false, false]);
});

test("the transactional id is one of those that strait is given rights for", () => {
  expect(mirrorIdentity("eu-to-us", "orders", 3).transactionalId).toBe("strait.eu-to-us.orders.3.holes");
});
