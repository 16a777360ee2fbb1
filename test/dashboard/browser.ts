/** A real Chromium, driven over its own protocol. */

import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** STRAIT_TEST_CHROMIUM, or what Debian's package installs; null where there is none. Throws if the variable is wrong. */
export function chromiumPath(): string | null {
  const given = process.env["STRAIT_TEST_CHROMIUM"];
  if (given !== undefined && given !== "") {
    if (existsSync(given)) return given;
    throw new Error(`STRAIT_TEST_CHROMIUM names ${given}, where there is nothing`);
  }
  return existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : null;
}

/** Ends with `close()`. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null)
    throw new Error("there is no Chromium: apt-get install chromium, or set STRAIT_TEST_CHROMIUM");
  // Its sandbox needs rights that containers and root do not have.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export interface OpenedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What scripts threw, and what the browser refused to load or run. A test that does not expect any looks at it. */
  readonly mistakes: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  // Other tests may have the machine busy.
  page.setDefaultTimeout(60_000);
  const mistakes: string[] = [];
  page.on("pageerror", (error) => mistakes.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") mistakes.push(`${message.text()} (${message.location().url})`);
  });
  return { context, page, mistakes };
}
