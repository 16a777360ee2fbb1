/** `strait token ...` */

import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { COMMAND_LINE, withStoredTokens } from "../control/security/stored-tokens.ts";
import { isExpired, type NewToken, type Token, type TokenInput } from "../control/security/token.ts";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { UsageError } from "./usage-error.ts";

type TokenCommandContext = Pick<CommandContext, "client" | "print" | "complain" | "table">;

interface Stored {
  readonly state?: string;
}

interface NewOptions extends Stored, Json {
  readonly role: Token["role"];
  readonly expires?: number;
}

const ROLES: readonly Token["role"][] = ["viewer", "operator", "steward", "admin"];

const STATE = [
  "--state <directory>",
  "on the state directory of a strait that does not run, instead of asking one that does",
] as const;

export function addTokenCommands(program: Command, { client, print, complain, table }: TokenCommandContext): void {
  const token = program.command("token").description("tokens: who may use this strait, and for what");
  const make = token
    .command("new <name>")
    .description("make a token and print it, this once")
    .addOption(
      new Option("--role <role>", "viewer reads; operator also links and mappings; steward also policies; admin all")
        .choices(ROLES)
        .makeOptionMandatory(),
    )
    .option("--expires <time>", "from when on it is refused: 90d, 12h, 30m (default: never)", lifetime)
    .option(...STATE)
    .option("--json", "as JSON")
    .action(async (name: string, { role, expires: lifetimeMs, state, json }: NewOptions) => {
      const expires = lifetimeMs === undefined ? null : new Date(Date.now() + lifetimeMs).toISOString();
      const input: TokenInput = { name, role, expires };
      const made =
        state === undefined
          ? ((await client().request("POST", "/v1/tokens", input)) as NewToken)
          : withStoredTokens(resolve(state), (tokens) => tokens.create(input, COMMAND_LINE), { make: true });
      print(json ? JSON.stringify(made) : made.token);
      if (!json) complain(`${made.name} is ${withArticle(made.role)}. Keep the token now: it is not shown again.`);
    });
  addExamples(
    make,
    ["strait token new root --role admin --state .strait", "the first one, before strait is started"],
    ["export STRAIT_TOKEN=$(strait token new me --role operator --expires 90d)", "one for this shell"],
  );
  const list = token
    .command("ls")
    .description("list tokens, without what proves that one has them")
    .option(...STATE)
    .option("--json", "as JSON")
    .action(async ({ state, json }: Stored & Json) => {
      const tokens =
        state === undefined
          ? ((await client().request("GET", "/v1/tokens")) as { tokens: Token[] }).tokens
          : withStoredTokens(resolve(state), (each) => each.list());
      const now = Date.now();
      const rows = tokens.map((each) => [
        each.name,
        each.role,
        each.created,
        isExpired(each, now) ? "expired" : each.expires,
      ]);
      print(json ? JSON.stringify({ tokens }) : table(["TOKEN", "ROLE", "CREATED", "EXPIRES"], rows));
    });
  addExamples(list, ["strait token ls", "who has one, for what, and until when"]);
  const remove = token
    .command("rm <name>")
    .description("delete a token; who uses it is refused from then on")
    .option(...STATE)
    .action(async (name: string, { state }: Stored) => {
      if (state === undefined) await client().request("DELETE", `/v1/tokens/${encodeURIComponent(name)}`);
      else withStoredTokens(resolve(state), (tokens) => tokens.delete(name, COMMAND_LINE));
    });
  addExamples(remove, ["strait token rm me", "also ends the sessions of those who logged in with it"]);
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Of `90d`, in milliseconds. */
function lifetime(text: string): number {
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS_MS[unit] ?? 0);
  if (ms === 0) throw new UsageError(`--expires takes a time as 90d, 12h or 30m, not ${JSON.stringify(text)}`);
  return ms;
}

function withArticle(role: string): string {
  return /^[aeio]/.test(role) ? `an ${role}` : `a ${role}`;
}
