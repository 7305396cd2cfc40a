export * from "./access/gate.ts";
export * from "./access/keys.ts";
export { parseSignOnConfig, type SignOnConfig, SignOnConfigError } from "./access/sign-on/config.ts";
export { exportFolder } from "./http/site-routes.ts";
export { isLoopbackAddress, listen, LOOPBACK, type Listening, type ListenOptions } from "./listen.ts";
export { mcpServer } from "./mcp/mcp-server.ts";
export { serveStdio } from "./mcp/stdio.ts";
export { parseScrapeConfig, type ScrapeConfig, ScrapeConfigError } from "./scrape/config.ts";
export { type Problem, problemOf, RefusalError } from "./problem.ts";
