// A program of somebody: the OpenAI SDK under an OpenTelemetry instrumentation, sending its telemetry by OTLP over HTTP.
// Arguments: base URL of the model's API, of the receiver, `json` or `protobuf`, `opentelemetry` or `openinference`.
const { diag, DiagConsoleLogger, DiagLogLevel } = require("@opentelemetry/api");
const { registerInstrumentations } = require("@opentelemetry/instrumentation");
const { resourceFromAttributes } = require("@opentelemetry/resources");
const { BatchSpanProcessor, NodeTracerProvider } = require("@opentelemetry/sdk-trace-node");
const { MeterProvider, PeriodicExportingMetricReader } = require("@opentelemetry/sdk-metrics");
const { OTLPMetricExporter } = require("@opentelemetry/exporter-metrics-otlp-proto");

const [, , api, receiver, encoding, library] = process.argv;
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.ERROR);
const { OTLPTraceExporter } = require(
	encoding === "json" ? "@opentelemetry/exporter-trace-otlp-http" : "@opentelemetry/exporter-trace-otlp-proto",
);
const { OpenAIInstrumentation } = require(
	library === "openinference" ? "@arizeai/openinference-instrumentation-openai" : "@opentelemetry/instrumentation-openai",
);

const resource = resourceFromAttributes({ "service.name": `shop-${library}-${encoding}` });
const tracing = new NodeTracerProvider({
	resource,
	spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${receiver}/v1/traces`, compression: "gzip" }))],
});
tracing.register();
const metering = new MeterProvider({
	resource,
	readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${receiver}/v1/metrics` }), exportIntervalMillis: 60_000 })],
});
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()], tracerProvider: tracing, meterProvider: metering });

async function main() {
	const OpenAI = require("openai");
	const client = new OpenAI({ apiKey: "none", baseURL: api, maxRetries: 0 });
	for (let i = 0; i < 5; i++) await client.chat.completions.create({ model: "gpt-oss-120b", messages: [{ role: "user", content: "hi" }] });
	await client.chat.completions.create({ model: "fails", messages: [] }).catch(() => undefined);
	await tracing.shutdown();
	await metering.shutdown();
}
void main();
