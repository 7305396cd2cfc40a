/** `farthing doctor`: what is missing, old or broken on this machine. The only command that reads the clock. */
import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";
import { envelope } from "@farthing/answers";
import { ageInDays } from "@farthing/catalogue";
import { CatalogueInUseError, catalogueInUse, type InUse } from "@farthing/catalogue/in-use";
import type { CatalogueStore } from "@farthing/catalogue/node";
import type { CommonFlags } from "../context.ts";
import { askingOf, deliver, savedResult } from "../context.ts";
import { type DeploymentFlags, deploymentChecks } from "./doctor-deployment.ts";
import { doctorText } from "../show/doctor.ts";

export interface DoctorCheck {
	readonly name: string;
	readonly state: "ok" | "warning" | "broken";
	readonly detail: string;
	readonly fix?: string;
}

const CATALOGUE_OLD_DAYS = 90;
const KEPT = ".farthing";

/** Exit 1 where something is broken. */
export async function runDoctor(flags: CommonFlags & DeploymentFlags): Promise<number> {
	const { store, folder, broken } = catalogueFound();
	const asking = askingOf("doctor", {}, flags, store);
	const checks = [
		nodeCheck(),
		broken ?? catalogueCheck(asking.catalogue.releaseDate, asking.catalogue.version, folder),
		...priceChecks(store),
		folderCheck(),
		lastResultCheck(),
		...(isDeployment(flags) ? await deploymentChecks(flags, store) : []),
	];
	deliver(envelope(asking, { checks }, []), flags, doctorText);
	return checks.some(({ state }) => state === "broken") ? 1 : 0;
}

/** Where the one in use cannot be opened, the others are looked at with the one that came with farthing. */
function catalogueFound(): InUse & { readonly broken?: DoctorCheck } {
	try {
		return catalogueInUse();
	} catch (error) {
		if (!(error instanceof CatalogueInUseError)) throw error;
		const { message, hint } = error;
		const broken = { name: "catalogue", state: "broken", detail: message, fix: hint } as const;
		return { ...catalogueInUse({ FARTHING_CATALOGUE: "built-in" }), broken };
	}
}

function isDeployment({ ledger, keys, listen, scrapes, backups, server }: DeploymentFlags): boolean {
	return [ledger, keys, listen, scrapes, backups, server].some((given) => given !== undefined);
}

function nodeCheck(): DoctorCheck {
	const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
	const detail = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;
	if (major > 20 || (major === 20 && minor >= 19)) return { name: "node", state: "ok", detail };
	return { name: "node", state: "broken", detail, fix: "install Node 20.19 or later" };
}

function catalogueCheck(releaseDate: string, version: string, folder: string | undefined): DoctorCheck {
	const age = ageInDays(releaseDate, today());
	const from = folder === undefined ? "" : `, installed in ${folder}`;
	const detail = `catalogue ${version}, released ${releaseDate}, ${age} days ago${from}`;
	if (age <= CATALOGUE_OLD_DAYS) return { name: "catalogue", state: "ok", detail };
	return {
		name: "catalogue",
		state: "warning",
		detail,
		fix: "farthing catalog update, or a newer farthing: prices move within weeks",
	};
}

function priceChecks(store: CatalogueStore): DoctorCheck[] {
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
	const name = "folder";
	const kept = statSync(KEPT, { throwIfNoEntry: false });
	if (kept !== undefined && !kept.isDirectory()) {
		const fix = `move the file ${KEPT} away: results are kept in a folder of that name`;
		return { name, state: "broken", detail: `${KEPT} is no folder: no result can be kept here`, fix };
	}
	try {
		accessSync(kept === undefined ? "." : KEPT, constants.W_OK);
		return { name, state: "ok", detail: "this folder can be written: results are kept for farthing why" };
	} catch {
		return {
			name,
			state: "warning",
			detail: `${kept === undefined ? "this folder" : KEPT} cannot be written: farthing why will find no last result`,
			fix: "write results elsewhere with -o FILE",
		};
	}
}

/** The last result is there, and farthing why can read it. */
function lastResultCheck(): DoctorCheck {
	const name = "last result";
	const path = join(KEPT, "last.json");
	try {
		if (statSync(path, { throwIfNoEntry: false }) === undefined)
			return { name, state: "ok", detail: "none in this folder yet" };
		const { command, id } = savedResult(path);
		return { name, state: "ok", detail: `${path}: ${command}, result ${id}` };
	} catch (error) {
		const isPart = (error as NodeJS.ErrnoException).code === "ENOTDIR";
		if (isPart) return { name, state: "ok", detail: "none in this folder yet" };
		const fix = `remove ${path}, and run the command again`;
		return { name, state: "broken", detail: `${path}: ${(error as Error).message}`, fix };
	}
}

function today(): string {
	return new Date().toISOString().slice(0, 10);
}
