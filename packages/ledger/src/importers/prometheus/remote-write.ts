/** Remote write 1.0 of Prometheus: a Snappy block of protobuf, decoded to raw samples. */
import protobuf from "protobufjs/light.js";
import snappy from "snappyjs";
import type { RawSeries } from "./prometheus-api.ts";

const { WriteRequest } = protobuf.Root.fromJSON({
	nested: {
		Label: { fields: { name: { id: 1, type: "string" }, value: { id: 2, type: "string" } } },
		Sample: { fields: { value: { id: 1, type: "double" }, timestamp: { id: 2, type: "int64" } } },
		TimeSeries: {
			fields: {
				labels: { id: 1, type: "Label", rule: "repeated" },
				samples: { id: 2, type: "Sample", rule: "repeated" },
			},
		},
		WriteRequest: { fields: { timeseries: { id: 1, type: "TimeSeries", rule: "repeated" } } },
	},
}).nested as { WriteRequest: protobuf.Type };

interface Decoded {
	readonly timeseries?: readonly {
		readonly labels?: readonly { readonly name?: string; readonly value?: string }[];
		readonly samples?: readonly { readonly value?: number; readonly timestamp?: number }[];
	}[];
}

const LARGEST = 64 * 1024 * 1024;

/** Throws where the body is no write request, or unpacks to more than 64 MiB. Samples that are NaN mark an end: left out. */
export function decodeRemoteWrite(body: Uint8Array): RawSeries[] {
	if (lengthOf(body) > LARGEST) throw new RangeError(`a write request unpacks to at most ${LARGEST} bytes`);
	const { timeseries = [] } = WriteRequest.toObject(WriteRequest.decode(snappy.uncompress(body)), {
		longs: Number,
	}) as Decoded;
	return timeseries.flatMap(({ labels = [], samples = [] }) => {
		const { __name__: name = "", ...rest } = Object.fromEntries(
			labels.map(({ name = "", value = "" }) => [name, value]),
		);
		const points = samples
			.map(({ value = 0, timestamp = 0 }) => ({ at: timestamp, value }))
			.filter(({ value }) => !Number.isNaN(value));
		return name === "" || points.length === 0 ? [] : [{ name, labels: rest as Record<string, string>, points }];
	});
}

/** The request that {@link decodeRemoteWrite} reads. */
export function encodeRemoteWrite(series: readonly RawSeries[]): Uint8Array {
	const timeseries = series.map(({ name, labels, points }) => ({
		labels: Object.entries({ __name__: name, ...labels }).map(([label, value]) => ({ name: label, value })),
		samples: points.map(({ at, value }) => ({ value, timestamp: at })),
	}));
	return snappy.compress(WriteRequest.encode(WriteRequest.create({ timeseries })).finish());
}

/** Snappy says its unpacked length first, seven bits a byte. */
function lengthOf(body: Uint8Array): number {
	let length = 0;
	for (let i = 0; i < Math.min(5, body.length); i++) {
		const byte = body[i] as number;
		length += (byte & 127) * 128 ** i;
		if (byte < 128) return length;
	}
	throw new RangeError("no Snappy block");
}
