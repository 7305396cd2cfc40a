/** `farthing doctor`: what is missing, old or broken on this machine. The only command that reads the clock. */
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { envelope } from "@farthing/answers";
import { ageInDays } from "@farthing/catalogue";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { doctorText } from "../show/doctor.ts";

export interface DoctorCheck {
	readonly name: string;
	readonly state: "ok" | "warning" | "broken";
	readonly detail: string;
	readonly fix?: string;
}

const CATALOGUE_OLD_DAYS = 90;

/** Exit 1 where something is broken. */
export async function runDoctor(flags: CommonFlags): Promise<number> {
	const store = catalogueStore();
	const asking = askingOf("doctor", {}, flags, store);
	const checks = [
		nodeCheck(),
		catalogueCheck(asking.catalogue.releaseDate, asking.catalogue.version),
		...priceChecks(store),
		folderCheck(),
		lastResultCheck(),
	];
	deliver(envelope(asking, { checks }, []), flags, doctorText);
	return checks.some(({ state }) => state === "broken") ? 1 : 0;
}

function nodeCheck(): DoctorCheck {
	const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
	const detail = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;
	if (major > 20 || (major === 20 && minor >= 19)) return { name: "node", state: "ok", detail };
	return { name: "node", state: "broken", detail, fix: "install Node 20.19 or later" };
}

function catalogueCheck(releaseDate: string, version: string): DoctorCheck {
	const age = ageInDays(releaseDate, today());
	const detail = `catalogue ${version}, released ${releaseDate}, ${age} days ago`;
	if (age <= CATALOGUE_OLD_DAYS) return { name: "catalogue", state: "ok", detail };
	return { name: "catalogue", state: "warning", detail, fix: "install a newer farthing: prices move within weeks" };
}

function priceChecks(store: ReturnType<typeof catalogueStore>): DoctorCheck[] {
	return store.facts().rateCards.map((card) => {
		const name = `rate card ${card.id}`;
		if (card.until !== undefined && card.until <= today())
			return { name, state: "ok", detail: `in force ${card.from} to ${card.until}; kept for old results` };
		const dates = Object.values(card.rates).flatMap((rates) => Object.values(rates).map(({ asOf }) => asOf));
		const oldest = dates.sort()[0] ?? card.from;
		const age = ageInDays(oldest, today());
		const detail = `in force since ${card.from}; oldest rate is of ${oldest}, ${age} days`;
		if (age <= CATALOGUE_OLD_DAYS) return { name, state: "ok", detail };
		return { name, state: "warning", detail, fix: "give your own rate: cost.rates in the scenario, or --gpu-hour" };
	});
}

function folderCheck(): DoctorCheck {
	try {
		accessSync(".", constants.W_OK);
		return { name: "folder", state: "ok", detail: "this folder can be written: results are kept for farthing why" };
	} catch {
		return {
			name: "folder",
			state: "warning",
			detail: "this folder cannot be written: farthing why will find no last result",
			fix: "write results elsewhere with -o FILE",
		};
	}
}

function lastResultCheck(): DoctorCheck {
	const path = join(".farthing", "last.json");
	if (existsSync(path)) return { name: "last result", state: "ok", detail: path };
	return { name: "last result", state: "ok", detail: "none in this folder yet" };
}

function today(): string {
	return new Date().toISOString().slice(0, 10);
}
