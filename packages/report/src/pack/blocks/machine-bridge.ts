/** From the slide to what is paid: of the machine that the years use, or of the cheapest fleet where there are no years. */
import { fill } from "../../messages/fill.ts";
import { bridgeSection } from "../../plan-report/bridge.ts";
import { deploymentText, gpusText, namedOption } from "../../plan-report/source.ts";
import type { Block, Text } from "../../report-model.ts";
import { rankedContext } from "../ranked-context.ts";
import { labelOf, named, type PackContext, paragraph } from "../source.ts";
import { strategyVerb } from "../strategy-words.ts";

export function machineBridgeBlock(context: PackContext): Block[] {
	const { result, words } = context;
	const { machine, options = [] } = result;
	const place = machine === undefined ? 0 : options.findIndex(({ id }) => id === machine.row);
	const option = options[place];
	if (machine !== undefined && option === undefined)
		return [paragraph(fill(words.machineBridge.notRanked, { row: { kind: "code", code: machine.row } }))];
	if (option === undefined) return [];
	return [
		...(machine === undefined ? [] : [paragraph(machineWords(context, place))]),
		...bridgeSection(rankedContext(context), option, place).blocks,
	];
}

function machineWords(context: PackContext, place: number): Text {
	const { result, words, best } = context;
	const option = (result.options ?? [])[place];
	if (option === undefined) return [];
	const ranked = rankedContext(context);
	const fleet = {
		gpus: gpusText(ranked, option, place),
		deployment: deploymentText(ranked, namedOption(option)),
		rate: named(labelOf(context, result.rate ?? "")),
	};
	if (best?.strategy !== "api") return fill(words.machineBridge.of, fleet);
	return fill(words.machineBridge.without, { ...fleet, strategy: strategyVerb(context, best.strategy) });
}
