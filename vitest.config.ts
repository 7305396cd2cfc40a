import { defineConfig } from "vitest/config";

const conditions = ["@farthing/source", "module", "node", "development|production"];
const resolve = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const exclude = ["**/node_modules/**", "**/dist/**", "test/real/**"];
// Generous: a slow machine must not look like a wrong number.
const timeouts = { testTimeout: 120_000, hookTimeout: 120_000 };

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
	...resolve,
	test: {
		// vitest would leave one core free, which on two cores is half of them.
		maxWorkers: "100%",
		projects: [
			{
				...resolve,
				// Pure functions: the files of a worker share their modules, which saves a third of the time.
				test: { name: "packages", include: ["packages/*/src/**/*.test.ts"], exclude, isolate: false, ...timeouts },
			},
			{
				...resolve,
				test: { name: "whole", include: ["test/**/*.test.ts"], exclude, ...timeouts },
			},
		],
	},
});
