/** The log of a command, on standard error: readable on a terminal, JSON lines otherwise. */

import { type Logger, pino } from "pino";
import pretty from "pino-pretty";

export function createLog(): Logger {
  const level = process.env["STRAIT_LOG_LEVEL"] ?? "info";
  if (!process.stderr.isTTY) return pino({ level }, pino.destination({ fd: 2, sync: true }));
  return pino({ level }, pretty({ destination: 2, sync: true, ignore: "pid,hostname", translateTime: "HH:MM:ss.l" }));
}
