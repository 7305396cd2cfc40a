import { defineConfig } from "vitest/config";

const conditions = ["@farthing/source", "module", "node", "development|production"];
const timeouts = { testTimeout: 600_000, hookTimeout: 120_000 };

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
	root: new URL(".", import.meta.url).pathname,
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: { include: ["*.suite.ts"], ...timeouts },
});
