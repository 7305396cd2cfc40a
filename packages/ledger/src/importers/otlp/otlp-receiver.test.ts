import { expect, it } from "vitest";
import { OtlpReceiver } from "./otlp-receiver.ts";

const NANOS_PER_MS = 1_000_000n;
const START = Date.UTC(2026, 10, 28);

/** An export of a counter that has counted `value` tokens since the start, `second` seconds after it. */
const exported = (value: number, second: number): Buffer =>
	Buffer.from(
		JSON.stringify({
			resourceMetrics: [
				{
					scopeMetrics: [
						{
							metrics: [
								{
									name: "gen_ai.client.inference.usage.output_tokens",
									sum: {
										aggregationTemporality: 2,
										isMonotonic: true,
										dataPoints: [
											{
												attributes: [{ key: "gen_ai.request.model", value: { stringValue: "m" } }],
												startTimeUnixNano: String(BigInt(START) * NANOS_PER_MS),
												timeUnixNano: String(BigInt(START + second * 1000) * NANOS_PER_MS),
												asInt: String(value),
											},
										],
									},
								},
							],
						},
					],
				},
			],
		}),
	);

const receive = (receiver: OtlpReceiver, value: number, second: number) => {
	const received = receiver.receive(exported(value, second), "application/json", "metrics");
	const lines = received.lines.split("\n").filter((line) => line !== "");
	const tokens = lines.map((line) => (JSON.parse(line) as { tokens: { out_total: number } }).tokens.out_total);
	return { tokens, takeBack: received.takeBack };
};

it("counts an export that could not be kept when it is sent again", () => {
	const receiver = new OtlpReceiver(START * 1000);
	const first = receive(receiver, 100, 10);
	expect(first.tokens).toEqual([100]);
	first.takeBack();
	expect(receive(receiver, 100, 10).tokens).toEqual([100]);
	const second = receive(receiver, 130, 20);
	expect(second.tokens).toEqual([30]);
	second.takeBack();
	expect(receive(receiver, 130, 20).tokens).toEqual([30]);
});

it("does not count twice what a later export has counted on from", () => {
	const receiver = new OtlpReceiver(START * 1000);
	const first = receive(receiver, 100, 10);
	expect(receive(receiver, 130, 20).tokens).toEqual([30]);
	first.takeBack();
	expect(receive(receiver, 150, 30).tokens).toEqual([20]);
});

it("refuses an export whose lists are none, and says where, before anything of it is counted", () => {
	const refused = (signal: "traces" | "metrics", message: unknown) => () =>
		new OtlpReceiver(0).receive(Buffer.from(JSON.stringify(message)), "application/json", signal);
	const spans = (span: unknown) => ({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
	const metrics = (metric: unknown) => ({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
	expect(refused("traces", { resourceSpans: 5 })).toThrow("resourceSpans is no list");
	expect(refused("traces", { resourceSpans: [null] })).toThrow("resourceSpans[0] is no object");
	expect(refused("traces", spans({ attributes: [null] }))).toThrow(/spans\[0\]\.attributes\[0\] is no object/);
	expect(refused("metrics", { resourceMetrics: [{ resource: [] }] })).toThrow(/resource is no object/);
	expect(refused("metrics", metrics({ sum: { dataPoints: {} } }))).toThrow(/sum\.dataPoints is no list/);
	expect(refused("metrics", { resourceMetrics: null })()).toMatchObject({ records: 0, rejected: 0 });
});
