/** A Grafana dashboard on the recording rules: cost per million tokens, spend, GPUs at work, tokens. */
export function grafanaDashboard(currency: string): Record<string, unknown> {
	const panels = [
		panel("Cost per million tokens", currency, "farthing:cost_per_mtok:rate5m"),
		panel("Spend per hour", currency, "farthing:cost_per_hour:rate5m"),
		panel("GPUs kept at work", "GPUs", "farthing:busy_gpus:rate5m"),
		panel("Output tokens a second", "tok/s", "farthing:output_tokens:rate5m"),
		panel("Computed input tokens a second", "tok/s", "farthing:uncached_input_tokens:rate5m"),
		panel("Mean context", "tokens", "farthing:mean_context_tokens:rate5m"),
	];
	return {
		uid: "farthing",
		title: "farthing: what tokens cost",
		tags: ["farthing"],
		timezone: "utc",
		schemaVersion: 39,
		refresh: "1m",
		time: { from: "now-24h", to: "now" },
		templating: {
			list: [{ name: "source", label: "Prometheus", type: "datasource", query: "prometheus" }],
		},
		panels: panels.map((each, i) => ({
			...each,
			id: i + 1,
			gridPos: { h: 8, w: 12, x: (i % 2) * 12, y: Math.floor(i / 2) * 8 },
		})),
	};
}

function panel(title: string, unit: string, expr: string): Record<string, unknown> {
	const datasource = { type: "prometheus", uid: "${source}" };
	return {
		type: "timeseries",
		title,
		datasource,
		fieldConfig: { defaults: { unit: `suffix: ${unit}`, min: 0 }, overrides: [] },
		options: {
			legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
			tooltip: { mode: "multi", sort: "desc" },
		},
		targets: [{ refId: "A", datasource, expr, legendFormat: "{{model_name}}" }],
	};
}
