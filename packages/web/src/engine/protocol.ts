/** What crosses between the page and its worker. */
import type { FarthingError, FarthingErrorDetail } from "@farthing/answers";
import type { FanWork, HalfDrawn, MonthBands } from "@farthing/engine";

export interface Asked {
	readonly id: number;
	readonly kind: string;
	readonly words: unknown;
}

/** An Error loses its class on the way: this is what is left of it. */
export interface Refusal {
	/** As the exit code of the command line: 2 a malformed question, 3 one without an answer, 70 a fault of the program. */
	readonly exit: number;
	readonly code: string;
	readonly message: string;
	readonly detail: FarthingErrorDetail;
	/** The same in Chinese, where somebody has written it. */
	readonly zh?: ReturnType<FarthingError["toldIn"]>;
}

export type Reply =
	| { readonly id: number; readonly value: unknown }
	| { readonly id: number; readonly refusal: Refusal }
	| { readonly id: number; readonly progress: number };

/** The page to the worker of the export: a part that was asked for. */
export type PartReply =
	| { readonly part: string; readonly text: string }
	| { readonly part: string; readonly fault: string };

/** The page to a worker: a file that the reader picked. */
export interface FileGiven {
	readonly key: string;
	readonly file: File;
}

/** The worker of the export to the page. */
export interface PartAsked {
	readonly wants: string;
}

/** The page to two workers: each has one end. */
export interface PortGiven {
	readonly port: MessagePort;
}

/** The worker to the one that draws beside it: half a fan, then the months of it that were left. */
export type DrawsAsked =
	| { readonly id: number; readonly work: FanWork }
	| { readonly id: number; readonly columns: readonly Float64Array[] };

export type DrawsReply =
	| { readonly ready: true }
	| { readonly id: number; readonly value: HalfDrawn | readonly MonthBands[] }
	| { readonly id: number; readonly fault: string };
