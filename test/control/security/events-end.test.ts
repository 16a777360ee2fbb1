/** Answers that go on end with the right to read them. */

import { expect, test } from "bun:test";
import { logIn, type SecuredControl, securedControl } from "./secured-control.ts";

const deleteToken = async ({ send, tokens }: SecuredControl) => {
  expect((await send("DELETE", "/v1/tokens/viewer", { token: tokens.admin })).status).toBe(204);
};

test("events end when the token that reads them is deleted", async () => {
  await using secured = await securedControl();
  const events = await secured.send("GET", "/v1/events", { token: secured.tokens.viewer });
  const ended = events.text();
  await deleteToken(secured);
  await ended;
});

test("events end when the token of the session that reads them is deleted", async () => {
  await using secured = await securedControl();
  const { cookie } = await logIn(secured, "viewer");
  const ended = (await secured.send("GET", "/v1/events", { headers: cookie })).text();
  await deleteToken(secured);
  await ended;
});

test("events end when who reads them logs out, and those of other sessions go on", async () => {
  await using secured = await securedControl();
  const [one, other] = [await logIn(secured, "viewer"), await logIn(secured, "viewer")];
  const ended = (await secured.send("GET", "/v1/events", { headers: one.cookie })).text();
  const goingOn = await secured.send("GET", "/v1/events", { headers: other.cookie });
  let isOver = false;
  const otherEnded = goingOn.text().then(() => {
    isOver = true;
  });
  expect((await secured.send("DELETE", "/v1/session", { headers: one.change })).status).toBe(204);
  await ended;
  expect(isOver).toBe(false);
  await secured.subject.control.close();
  await otherEnded;
});
