/** A whole control process that has tokens, and requests that come with them. */

import type { Role } from "../../../src/control/security/role.ts";
import { Tokens } from "../../../src/control/security/tokens.ts";
import type { ControlOptions } from "../../../src/control/server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { type ControlUnderTest, controlUnderTest } from "../control-under-test.ts";

export type Holder = Role | "expired";

const HOLDERS: readonly Holder[] = ["admin", "operator", "steward", "viewer", "expired"];
const AN_HOUR_MS = 3_600_000;
export const ACTOR = { token: null, via: "cli" } as const;

export interface SecuredControl extends AsyncDisposable {
  readonly subject: ControlUnderTest;
  readonly stateDirectory: string;
  /** The texts of the tokens, each named as its role. */
  readonly tokens: Readonly<Record<Holder, string>>;
  /** Sends a request with a token, a body as JSON. Each comes from an address of its own unless one is given. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
}

export interface SendOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly address?: string;
}

/** Makes a token of each role, and one that expired long ago. Returns their texts. */
export function writeTokensOfEachRole(directory: string): Record<Holder, string> {
  const audit = { append: () => undefined as never };
  const past = Date.now() - 2 * AN_HOUR_MS;
  const tokens = new Tokens({ directory, audit, needsAdmin: false, now: () => past });
  const made = HOLDERS.map((name) => {
    const expires = name === "expired" ? new Date(past + AN_HOUR_MS).toISOString() : null;
    return [name, tokens.create({ name, role: name === "expired" ? "admin" : name, expires }, ACTOR).token];
  });
  return Object.fromEntries(made);
}

export async function securedControl(options: Partial<ControlOptions> = {}): Promise<SecuredControl> {
  const directory = temporaryDirectory();
  const tokens = writeTokensOfEachRole(directory.path);
  const subject = await controlUnderTest({ stateDirectory: directory.path, ...options });
  let requests = 0;
  return {
    subject,
    stateDirectory: directory.path,
    tokens,
    send: async (method, path, { token, body, headers = {}, address = `client-${requests++}` } = {}) =>
      await subject.control.app.request(
        path,
        {
          method,
          headers: {
            ...(body !== undefined && { "content-type": "application/json" }),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...headers,
          },
          ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        },
        { address },
      ),
    [Symbol.asyncDispose]: async () => {
      await subject[Symbol.asyncDispose]();
      directory[Symbol.dispose]();
    },
  };
}

export const ORIGIN = "http://localhost";

export interface LoggedIn {
  /** What a browser would send with every request. */
  readonly cookie: { readonly cookie: string };
  /** What our own page would send with a change. */
  readonly change: Readonly<Record<string, string>>;
}

/** Logs in as a browser does. */
export async function logIn({ send, tokens }: SecuredControl, holder: Holder): Promise<LoggedIn> {
  const response = await send("POST", "/v1/session", { body: { token: tokens[holder] } });
  if (response.status !== 200) throw new Error(`logging in as ${holder}: status ${response.status}`);
  const [cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";");
  const { csrf } = (await response.json()) as { csrf: string };
  return { cookie: { cookie }, change: { cookie, origin: ORIGIN, "x-strait-csrf": csrf } };
}
