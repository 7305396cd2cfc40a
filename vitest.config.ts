import { defineConfig } from "vitest/config";

const conditions = ["@farthing/source", "module", "node", "development|production"];

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: {
		// vitest would leave one core free, which on two cores is half of them.
		maxWorkers: "100%",
		// Generous: a slow machine must not look like a wrong number.
		testTimeout: 120_000,
		hookTimeout: 120_000,
		include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
		exclude: ["**/node_modules/**", "**/dist/**", "test/real/**"],
	},
});
