/** Names people use, resolved to catalogue ids; an unknown one ends with exit 3 and the nearest names. */
import type { Catalogue, Hardware, Model } from "@farthing/catalogue";
import { findHardware, findModel, findPrecisions, findStack } from "@farthing/catalogue";
import { FarthingError, type FarthingErrorDetail } from "./farthing-error.ts";

export function modelNamed(catalogue: Catalogue, name: string, where: FarthingErrorDetail = {}): Model {
	const found = findModel(catalogue, name);
	if (found.found) return found.value;
	throw unknownName("model", name, found.nearest, where);
}

export function hardwareNamed(catalogue: Catalogue, name: string, where: FarthingErrorDetail = {}): Hardware {
	const found = findHardware(catalogue, name);
	if (found.found) return found.value;
	throw unknownName("hardware", name, found.nearest, where);
}

/** Id of a stack name, as a list to match rows against. */
export function stacksNamed(catalogue: Catalogue, name: string, where: FarthingErrorDetail = {}): readonly string[] {
	const found = findStack(catalogue, name);
	if (found.found) return [found.value.id];
	throw unknownName("stack", name, found.nearest, where);
}

/** Ids of a precision name: `fp4` means both `nvfp4` and `mxfp4`. */
export function precisionsNamed(
	catalogue: Catalogue,
	name: string,
	where: FarthingErrorDetail = {},
): readonly string[] {
	const found = findPrecisions(catalogue, name);
	if (found.found) return found.value.map(({ id }) => id);
	throw unknownName("precision", name, found.nearest, where);
}

export function unknownName(
	what: string,
	name: string,
	nearest: readonly string[],
	where: FarthingErrorDetail = {},
): FarthingError {
	return new FarthingError(
		3,
		`unknown-${what}`,
		{
			en: `no ${what} "${shortened(name)}" in the catalogue`,
			zh: `目录中没有${KINDS[what] ?? ` ${what} `}“${shortened(name)}”`,
		},
		{
			...where,
			expected: {
				en: `${/^[aeiou]/.test(what) ? "an" : "a"} ${what} of the catalogue`,
				zh: `目录中的${KINDS[what] ?? ` ${what}`}`,
			},
			hint: ["farthing catalog list", ...(LISTS[what] ?? [])].join(" "),
			nearest,
		},
	);
}

/** A name as an error quotes it. */
export function shortened(name: string): string {
	return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}

/** In Chinese. */
const KINDS: Readonly<Record<string, string>> = {
	model: "模型",
	hardware: "硬件",
	stack: "推理框架",
	precision: "精度",
	claim: "宣称",
	region: "地区",
	"traffic-shape": "流量形状",
};

const LISTS: Readonly<Record<string, readonly string[]>> = {
	model: ["models"],
	hardware: ["hardware"],
	stack: ["stacks"],
	precision: ["precisions"],
	claim: ["claims"],
	"traffic-shape": ["traffic-shapes"],
};
