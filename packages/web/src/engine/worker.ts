/** The worker: questions come in, replies go out; facts are fetched beside the page, or handed over by it. */
import type { FanPartner } from "@farthing/engine";
import { answerQuestion } from "./answer-question.ts";
import { askServer, noServer } from "./ask-server.ts";
import { meetPartner } from "./draws-partner.ts";
import { makeHost } from "./make-host.ts";
import type { ReadPart } from "./partial-catalogue.ts";
import type { PickedFile } from "./picked-trace.ts";
import type { Asked, FileGiven, PartReply, PortGiven, Reply } from "./protocol.ts";
import { fetchPart, readOnce } from "./read-parts.ts";

interface WorkerScope {
	readonly location: { readonly href: string };
	postMessage(message: unknown): void;
	addEventListener(
		type: "message",
		listen: (event: { readonly data: Asked | PartReply | FileGiven | PortGiven }) => void,
	): void;
}

const scope = globalThis as unknown as WorkerScope;
const handedOver = new Map<string, { resolve: (part: unknown) => void; reject: (fault: Error) => void }>();

/** The worker is in assets/, the files are named from the page. */
const base = FARTHING_FROM_DISK ? "" : new URL("../", scope.location.href).href;
const read = readOnce(FARTHING_FROM_DISK ? askPage : fetchPart(base, FARTHING_DATA_FILES));
const files = new Map<string, PickedFile>();
const server = FARTHING_FROM_DISK ? noServer : askServer(base);
let partner: FanPartner | undefined;
const host = { ...makeHost(read, Object.keys(FARTHING_DATA_FILES), server, files), drawsPartner: () => partner };

/** What nearly every question needs is read before the first is asked; a fault is told where it is asked for again. */
for (const part of ["manifest", "facts", "examples"]) read(part).catch(() => undefined);

scope.addEventListener("message", ({ data }) => {
	if ("part" in data) return handOver(data);
	if ("file" in data) return void files.set(data.key, data.file);
	if ("port" in data) {
		return meetPartner(data.port, (ready) => {
			partner = ready;
		});
	}
	const progress = (share: number): void => scope.postMessage({ id: data.id, progress: share } satisfies Reply);
	void answerQuestion(data, { ...host, progress }).then((reply) => scope.postMessage(reply));
});

function askPage(name: string): ReturnType<ReadPart> {
	return new Promise((resolve, reject) => {
		handedOver.set(name, { resolve, reject });
		scope.postMessage({ wants: name });
	});
}

function handOver(reply: PartReply): void {
	const waiting = handedOver.get(reply.part);
	handedOver.delete(reply.part);
	if ("fault" in reply) waiting?.reject(new Error(reply.fault));
	else waiting?.resolve(JSON.parse(reply.text));
}
