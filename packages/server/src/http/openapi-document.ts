/** The OpenAPI 3.1 document of the surface, made from its routes; shapes of results come from their published schema. */
import type { Access } from "../access/gate.ts";
import type { App } from "./app.ts";
import { ANY_REFUSAL, PROBLEM_SCHEMA, REFUSALS, resultComponents } from "./descriptions.ts";
import { JOB_SCHEMA } from "./simulation-routes.ts";

const METHODS = ["get", "put", "post", "delete"] as const;
const INFO = {
	title: "farthing",
	version: "1",
	description: "What a million tokens really cost, and why. Numbers derived from InferenceX are unofficial.",
	license: { name: "Apache-2.0", identifier: "Apache-2.0" },
};
const KEY = {
	type: "http",
	scheme: "bearer",
	description: "an API key (fk_…), or a token of the identity provider where the server knows one",
} as const;

export function openapiRoutes(app: App, access: Access["kind"]): void {
	described(app);
	let text: string | undefined;
	app.get("/v1/openapi.json", (context) => {
		text ??= JSON.stringify(documentOf(app, access));
		return context.body(text, 200, { "content-type": "application/json; charset=utf-8" });
	});
}

function documentOf(app: App, access: Access["kind"]): object {
	const document = app.getOpenAPI31Document({ openapi: "3.1.0", info: INFO, servers: [{ url: "/" }] });
	for (const [path, item] of Object.entries(document.paths ?? {})) {
		for (const method of METHODS) {
			const operation = item[method];
			if (operation === undefined) continue;
			operation.operationId ??= nameOf(method, path);
			operation.responses = { ...operation.responses, default: ANY_REFUSAL };
		}
	}
	return {
		...document,
		// One user on loopback brings no key.
		security: access === "keys" ? [{ key: [] }] : [],
		components: {
			...document.components,
			securitySchemes: { key: KEY },
			schemas: {
				...document.components?.schemas,
				Problem: PROBLEM_SCHEMA,
				Job: JOB_SCHEMA,
				...resultComponents(),
			},
		},
	};
}

/** `get` and `/v1/results/{id}/why/{node}` as `getResultsIdWhyNode`: what generated clients call it. */
function nameOf(method: string, path: string): string {
	const words = path.replace(/^\/v1\//, "").match(/[a-z0-9]+/gi) ?? [];
	return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** What is answered beside questions and events. */
function described(app: App): void {
	const json = (schema: object) => ({ "application/json": { schema } });
	app.openAPIRegistry.registerPath({
		method: "get",
		path: "/healthz",
		summary: "whether it lives, for anybody",
		security: [],
		responses: {
			200: {
				description: "it lives",
				content: json({
					type: "object",
					required: ["status", "catalogue", "ledger"],
					properties: {
						status: { const: "ok" },
						catalogue: { type: "string" },
						ledger: { type: "boolean" },
						sign_on: { type: "boolean" },
					},
				}),
			},
		},
	});
	const { 401: noKey, 429: tooMuch } = REFUSALS;
	app.openAPIRegistry.registerPath({
		method: "get",
		path: "/metrics",
		summary: "what it did, in the text format of Prometheus",
		responses: {
			200: { description: "counters and gauges", content: { "text/plain": { schema: { type: "string" as const } } } },
			401: noKey,
			429: tooMuch,
		},
	});
	app.openAPIRegistry.registerPath({
		method: "get",
		path: "/v1/openapi.json",
		summary: "this document",
		responses: {
			200: { description: "OpenAPI 3.1", content: json({ type: "object" as const }) },
			401: noKey,
			429: tooMuch,
		},
	});
}
