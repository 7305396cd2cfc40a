/** What an importer has to be told of a source that does not say it itself. */
import { FarthingError } from "../farthing-error.ts";
import { countFlag } from "./typed-words.ts";

export interface ImportWords {
	readonly kind?: string;
	readonly model?: string;
	readonly gpus?: string;
	readonly from?: string;
	readonly to?: string;
	readonly zone?: string;
	readonly strict?: boolean;
}

export interface ImportOptionsSaid {
	readonly kind?: string;
	readonly model?: string;
	readonly gpus?: number;
	/** Milliseconds since 1970. */
	readonly from?: number;
	readonly to?: number;
	/** Minutes east of UTC. */
	readonly zoneMinutes?: number;
	readonly strict?: true;
}

/** Throws exit 2 for a time without its zone, and for what is no number of GPUs. */
export function importOptionsOf({ kind, model, gpus, from, to, zone, strict }: ImportWords): ImportOptionsSaid {
	return {
		...(gpus === undefined ? {} : { gpus: countFlag("--gpus", gpus) }),
		...(from === undefined ? {} : { from: timeFlag("--from", from) }),
		...(to === undefined ? {} : { to: timeFlag("--to", to) }),
		...(zone === undefined ? {} : { zoneMinutes: zoneFlag(zone) }),
		...(model === undefined ? {} : { model }),
		...(kind === undefined ? {} : { kind }),
		...(strict === true ? { strict } : {}),
	};
}

function timeFlag(flag: string, text: string): number {
	const isZoned = /(Z|[+-]\d{2}:\d{2})$/.test(text);
	const time = isZoned ? Date.parse(text) : Number.NaN;
	if (!Number.isNaN(time)) return time;
	throw new FarthingError(2, "wrong-type", `${flag} takes a time with its zone, not "${text}"`, {
		field: flag,
		expected: "an ISO 8601 time with its zone",
		hint: `${flag} 2026-11-28T13:00:00Z`,
	});
}

function zoneFlag(text: string): number {
	const match = /^(?:Z|UTC|([+-])(\d{2}):(\d{2}))$/i.exec(text);
	if (match === null) {
		throw new FarthingError(2, "wrong-type", `--zone takes an offset from UTC, not "${text}"`, {
			field: "--zone",
			expected: "UTC or an offset such as +02:00",
		});
	}
	const [, sign, hours = "0", minutes = "0"] = match;
	return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) + 0;
}
