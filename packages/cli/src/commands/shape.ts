/** `farthing shape`: a trace to the file of its traffic shape. */
import { beginShape } from "@farthing/answers";
import { trafficShapeText } from "@farthing/scenario";
import type { CommonFlags } from "../context.ts";
import { questionContext } from "../context.ts";
import { writeOutput } from "../files.ts";
import { printNote, printJson, printText } from "../print.ts";
import { progressLine } from "../progress-line.ts";
import { openTrace } from "../trace-file.ts";

export interface ShapeFlags extends CommonFlags {
	readonly name?: string;
}

const REQUESTS = 20_000;

/** Gives the exit code: 4 where a part of the trace could not be read. */
export async function runShape(path: string, flags: ShapeFlags): Promise<number> {
	const trace = await openTrace(path);
	try {
		const fit = beginShape(trace, flags.name ?? nameOf(path), questionContext(flags));
		const progress = progressLine(flags.quiet === true);
		do {
			fit.takeReady();
			await trace.readAhead(REQUESTS);
			progress.show(() => `reading: ${((trace.share ?? 0) * 100).toFixed(0)}%`);
		} while (trace.ready > 0);
		progress.clear();
		const { answer, isCovered } = fit.answer();
		const text = trafficShapeText(answer.result.shape);
		if (flags.output !== undefined && flags.output !== "-") writeOutput(flags.output, text);
		if (flags.json === true) printJson(answer);
		else if (flags.output === undefined || flags.output === "-") printText(text.trimEnd());
		else printText(writtenWords(flags.output, answer.result.shape));
		if (flags.json !== true && flags.quiet !== true) for (const { message } of answer.warnings) printNote(message);
		return isCovered ? 0 : 4;
	} finally {
		trace.close();
	}
}

function writtenWords(
	file: string,
	shape: { readonly requests: number; readonly requests_per_second: number },
): string {
	const requests = String(shape.requests).replace(/\B(?=(\d{3})+$)/g, ",");
	return `${file}: the shape of ${requests} requests, ${shape.requests_per_second} a second\n  in a scenario: traffic: {shape: ${file}}`;
}

/** `traces/chat.csv.gz` is called chat. */
function nameOf(path: string): string {
	const name = path.replace(/^.*[/\\]/, "").replace(/\..*$/, "");
	return path === "-" || name === "" ? "a trace" : name;
}
