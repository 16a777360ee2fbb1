/** uPlot, which the server takes from its package: see ../../assets.ts. */

export { default } from "uplot";
