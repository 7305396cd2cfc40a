/** The worker that draws beside this one, behind a port. */
import type { FanPartner, HalfDrawn, MonthBands } from "@farthing/engine";
import type { DrawsAsked, DrawsReply } from "./protocol.ts";

/** Calls `ready` with the partner once the other worker is up: until then, and where it never is, fans are drawn alone. */
export function meetPartner(port: MessagePort, ready: (partner: FanPartner) => void): void {
	const waiting = new Map<number, { resolve: (value: never) => void; reject: (fault: Error) => void }>();
	let asked = 0;
	const ask = <T>(message: (id: number) => DrawsAsked, transfer: Transferable[]): Promise<T> =>
		new Promise((resolve, reject) => {
			asked += 1;
			waiting.set(asked, { resolve, reject });
			port.postMessage(message(asked), transfer);
		});
	const partner: FanPartner = {
		draw: (work) => ask<HalfDrawn>((id) => ({ id, work }), buffersOf(work.inputs)),
		bands: (columns) => ask<MonthBands[]>((id) => ({ id, columns }), buffersOf(columns)),
	};
	port.addEventListener("message", ({ data }: MessageEvent<DrawsReply>) => {
		if ("ready" in data) return ready(partner);
		const each = waiting.get(data.id);
		waiting.delete(data.id);
		if ("fault" in data) each?.reject(new Error(data.fault));
		else each?.resolve(data.value as never);
	});
	port.start();
}

export function buffersOf(columns: readonly Float64Array[]): ArrayBuffer[] {
	return columns.map(({ buffer }) => buffer as ArrayBuffer);
}
