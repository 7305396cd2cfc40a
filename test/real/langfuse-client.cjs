// A program of somebody: the SDK of Langfuse, sending what it observes by OTLP over HTTP.
// Arguments: URL of the receiver, and a bearer token or nothing.
const { diag, DiagConsoleLogger, DiagLogLevel } = require("@opentelemetry/api");
const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-http");
const { resourceFromAttributes } = require("@opentelemetry/resources");
const { NodeTracerProvider } = require("@opentelemetry/sdk-trace-node");
const { LangfuseSpanProcessor } = require("@langfuse/otel");
const { propagateAttributes, startActiveObservation, startObservation } = require("@langfuse/tracing");

const [, , receiver, token] = process.argv;
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.ERROR);
const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
const processor = new LangfuseSpanProcessor({
	exporter: new OTLPTraceExporter({ url: `${receiver}/v1/traces`, headers }),
	environment: "production",
});
const provider = new NodeTracerProvider({
	resource: resourceFromAttributes({ "service.name": "shop-langfuse" }),
	spanProcessors: [processor],
});
provider.register();

async function main() {
	await startActiveObservation("answer a question", async () => {
		await propagateAttributes({ userId: "ada", sessionId: "s1" }, async () => {
			// Counts beside each other, as Langfuse names them.
			for (let i = 0; i < 5; i++) {
				const call = startObservation("call", { model: "gpt-oss-120b" }, { asType: "generation" });
				call.update({ usageDetails: { input: 186, input_cached_tokens: 1024, output: 84, output_reasoning_tokens: 256 } });
				call.end();
			}
			// Usage as OpenAI gives it, handed on.
			const usage = {
				prompt_tokens: 1210,
				completion_tokens: 340,
				total_tokens: 1550,
				prompt_tokens_details: { cached_tokens: 1024 },
				completion_tokens_details: { reasoning_tokens: 256 },
			};
			startObservation("as it came", { model: "gpt-oss-120b", usageDetails: usage }, { asType: "generation" }).end();
			startObservation("search", { input: "cost" }, { asType: "tool" }).end();
			const failed = { model: "gpt-oss-120b", level: "ERROR", statusMessage: "rate limited" };
			startObservation("failed", failed, { asType: "generation" }).end();
		});
	});
	await processor.forceFlush();
	await provider.shutdown();
}
void main();
