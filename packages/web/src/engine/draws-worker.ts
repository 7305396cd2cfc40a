/** The second worker: half the draws of a fan, for the worker at the other end of the port that the page gives it. */
import type { FanHalf } from "@farthing/engine";
import { fanHalf } from "@farthing/engine";
import { buffersOf } from "./draws-partner.ts";
import type { DrawsAsked, DrawsReply, PortGiven } from "./protocol.ts";

let half: FanHalf | undefined;

addEventListener("message", ({ data: { port } }: MessageEvent<PortGiven>) => {
	const reply = (message: DrawsReply, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
	port.addEventListener("message", ({ data }: MessageEvent<DrawsAsked>) => {
		try {
			if ("work" in data) {
				half = fanHalf(data.work);
				reply({ id: data.id, value: half.drawn }, buffersOf(half.drawn.columns));
			} else {
				if (half === undefined) throw new Error("bands were asked for before draws");
				reply({ id: data.id, value: half.bands(data.columns) });
			}
		} catch (error) {
			reply({ id: data.id, fault: (error as Error).message });
		}
	});
	port.start();
	reply({ ready: true });
});
