/** What pages are given to work with. */

import { Api } from "../api/api.js";
import { Contract } from "../api/contract.js";
import { announcer, gathered } from "../dom/announce.js";
import { Live } from "../live/live.js";
import { counted } from "../text/numbers.js";

/** @typedef {import("../types.d.ts").CatalogueEntry} CatalogueEntry */

/**
 * @typedef {object} App
 * @property {Api} api
 * @property {Contract} contract
 * @property {Live} live
 * @property {(message: string) => void} announce
 * @property {() => Promise<readonly CatalogueEntry[]>} filters the catalogue of built-in filters
 *
 * @typedef {{ readonly title: string, readonly node: HTMLElement }} Shown
 * @typedef {(app: App, parts: Readonly<Record<string, string>>, signal: AbortSignal) => Shown | Promise<Shown>} Page
 */

/**
 * @param {HTMLElement} toasts
 * @returns {App}
 */
export function createApp(toasts) {
  const api = new Api();
  const contract = new Contract(api);
  const announce = announcer(toasts);
  const announceState = gathered(announce, (number) => `${counted(number, "link")} changed their state`);
  /** @type {Promise<readonly CatalogueEntry[]> | null} */
  let catalogue = null;
  const live = new Live(api, {
    onStateChange: ({ link, state, reason }) =>
      announceState(link, `Link ${link} is ${state}${reason === null ? "" : `: ${reason}`}`),
    onReconnected: () => {
      contract.forget();
      catalogue = null;
    },
  });
  const filters = () => {
    catalogue ??= api.get("/v1/filters").then(({ filters: entries }) => entries);
    catalogue.catch(() => {
      catalogue = null;
    });
    return catalogue;
  };
  return { api, contract, live, announce, filters };
}
