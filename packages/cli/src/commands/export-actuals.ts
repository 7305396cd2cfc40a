/** Actuals back out: a FOCUS statement, a LiteLLM price map, recording rules, a dashboard. */
import { join } from "node:path";
import { FarthingError } from "@farthing/answers";
import type { Actuals } from "@farthing/ledger";
import {
	attributedRows,
	focusCsv,
	grafanaDashboard,
	litellmPrices,
	recordingRules,
	rulesYaml,
	tokenPrices,
} from "@farthing/ledger";
import { writeWhole } from "../files.ts";
import type { ActualsFlags } from "./actuals.ts";

const EXPORTS = ["focus", "litellm", "rules", "dashboard", "requests"] as const;
export type Export = (typeof EXPORTS)[number];

/** What is asked for, refused before anything is worked out. */
export function exportKinds({ export: asked = [], currency }: ActualsFlags): Export[] {
	return asked.map((name) => {
		const kind = EXPORTS.find((each) => each === name);
		if (kind === undefined) {
			throw new FarthingError(2, "unknown-value", `--export does not know "${name}"`, {
				field: "--export",
				expected: EXPORTS.join(", "),
				hint: "--export focus,rules",
			});
		}
		if (kind === "litellm" && currency !== "USD") {
			throw new FarthingError(2, "contradiction", `LiteLLM reckons in USD, the answer is in ${currency}`, {
				field: "--export",
				hint: "--currency USD",
			});
		}
		return kind;
	});
}

/** Paths that were written. Requests are written while they are read, not here. */
export function exportActuals(found: Actuals, kinds: readonly Export[], folder: string): string[] {
	return kinds.flatMap((kind) => {
		if (kind === "requests") return [];
		const [name, text] = contentOf(found, kind);
		const path = join(folder, name);
		writeWhole(path, text);
		return path;
	});
}

function contentOf(found: Actuals, kind: Exclude<Export, "requests">): [name: string, text: string] {
	const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
	switch (kind) {
		case "focus": {
			const rows = attributedRows(found, { account: "farthing", provider: "Own clusters" });
			return ["focus.csv", focusCsv(rows)];
		}
		case "litellm":
			return ["litellm-prices.json", json(litellmPrices(tokenPrices(found)))];
		case "rules":
			return ["prometheus-rules.yaml", rulesYaml(recordingRules(found, tokenPrices(found)))];
		case "dashboard":
			return ["grafana-dashboard.json", json(grafanaDashboard(found.question.currency))];
	}
}
