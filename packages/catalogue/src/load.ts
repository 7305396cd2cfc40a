import type { BenchmarkFamily, BenchmarkPoint } from "@farthing/engine";
import { canonicalJson, sha256Hex } from "@farthing/engine";
import type { Catalogue, CatalogueManifest, CollectionName, AccuracyRun, Facts, MlperfResult } from "./catalogue.ts";
import type { Issue } from "./issue.ts";
import { CatalogueError, Issues } from "./issue.ts";
import {
	readAliases,
	readBuildUps,
	readHardware,
	readModels,
	readRateCards,
	readSources,
	readSystems,
	readVocabulary,
} from "./read-entities.ts";
import type { IdKind, Reading } from "./read-figure.ts";
import { dateOf, dayOf } from "./read-figure.ts";
import { readApiPrices, readCloudPrices, readFacility, readRateReadings } from "./read-prices.ts";
import type { TableHead } from "./read-rows.ts";
import { readAccuracyRuns, readMlperf, readPoints } from "./read-rows.ts";
import { readServingLaw, readServingSample } from "./read-serving.ts";
import { readTrafficShapes } from "./read-traffic.ts";
import {
	readMlperfTraining,
	readTrainingEfficiencies,
	readTrainingRuns,
	readTrainingSteps,
	readTrainingThroughput,
} from "./read-training.ts";
import type { Cursor } from "./yaml-cursor.ts";
import { choiceOf, elements, isMapping, members, need, openYaml, plain, report, textOf } from "./yaml-cursor.ts";

/** Texts of the catalogue's files by path within its folder, with forward slashes. */
export type CatalogueFiles = ReadonlyMap<string, string>;

/** Reads the facts from their files. Throws {@link CatalogueError} with every issue in every file. */
export function loadCatalogue(files: CatalogueFiles): Catalogue {
	const { catalogue, issues } = readCatalogue(files);
	if (catalogue === undefined || issues.length > 0) throw new CatalogueError(issues);
	return catalogue;
}

/** All that is wrong with the files; an empty list where they make a catalogue. */
export function validateCatalogue(files: CatalogueFiles): readonly Issue[] {
	return readCatalogue(files).issues;
}

/** SHA-256 over names and texts; line ends do not count, since version control may turn them. */
export function hashFiles(files: CatalogueFiles): string {
	const texts = [...files].filter(([path]) => isData(path)).map(([path, text]) => [path, text.replace(/\r\n/g, "\n")]);
	return sha256Hex(canonicalJson(Object.fromEntries(texts)));
}

export function countFacts(facts: Facts): Pick<CatalogueManifest["counts"], CollectionName & keyof Facts> {
	const { sources, hardware, systems, models, rateCards, rateReadings, facility } = facts;
	const { apiPrices, cloudPrices, stacks, precisions, buildUps, claims } = facts;
	const { trainingRuns, trainingSteps, trainingEfficiencies, trafficShapes } = facts;
	return {
		sources: sources.length,
		hardware: hardware.length,
		systems: systems.length,
		models: models.length,
		rateCards: rateCards.length,
		rateReadings: rateReadings.length,
		facility: facility.length,
		apiPrices: apiPrices.length,
		cloudPrices: cloudPrices.length,
		stacks: stacks.length,
		precisions: precisions.length,
		buildUps: buildUps.length,
		trainingRuns: trainingRuns.length,
		trainingSteps: trainingSteps.length,
		trainingEfficiencies: trainingEfficiencies.length,
		trafficShapes: trafficShapes.length,
		claims: claims.length,
	};
}

const HEAD = "catalogue.yaml";
const CLAIMS = "claims.yaml";
const TRAFFIC = "traffic-shapes.yaml";
const FACT_FILES = [
	"sources.yaml",
	"vocabulary.yaml",
	"accelerators.yaml",
	"systems.yaml",
	"models.yaml",
	"aliases.yaml",
	"rate-cards.yaml",
	"build-up.yaml",
	"rate-readings.csv",
	"facility.csv",
	"api-prices.csv",
	"cloud-prices.csv",
	"training-runs.csv",
	"training-validation.csv",
	"training-law.csv",
	"mlperf-training.csv",
	"training-throughput.csv",
	"serving-law.yaml",
	"benchmarks/serving-sample.csv",
];

const IDS_OF: Readonly<Record<string, readonly IdKind[]>> = {
	"sources.yaml": ["source"],
	"vocabulary.yaml": ["stack", "precision", "speculative"],
	"accelerators.yaml": ["hardware"],
	"models.yaml": ["model"],
	"claims.yaml": ["claim"],
};

function readCatalogue(files: CatalogueFiles): { catalogue: Catalogue | undefined; issues: readonly Issue[] } {
	const issues = new Issues();
	const reading: Reading = {
		issues,
		ids: {
			source: new Set(),
			hardware: new Set(),
			model: new Set(),
			stack: new Set(),
			precision: new Set(),
			speculative: new Set(),
			claim: new Set(),
		},
		unread: new Set(),
	};
	const head = readHead(files, issues);
	const facts = readFacts(files, reading);
	const tables = { ...readTables(files, head?.tables ?? new Map(), reading), ...readTrainingTables(files, reading) };
	checkFileNames(files, head?.tables ?? new Map(), issues);
	const list = tidy(issues.list);
	if (head?.version === undefined || head.releaseDate === undefined || facts === undefined) {
		return { catalogue: undefined, issues: list };
	}
	const { benchmarks, accuracyRuns, mlperf } = tables;
	const counts = {
		...countFacts(facts),
		benchmarks: benchmarks.length,
		accuracyRuns: accuracyRuns.length,
		mlperf: mlperf.length,
		mlperfTraining: tables.mlperfTraining.length,
		servingSample: tables.servingSample.length,
		trainingThroughput: tables.trainingThroughput.length,
	};
	const { version, releaseDate } = head;
	return { catalogue: { version, releaseDate, hash: hashFiles(files), counts, ...facts, ...tables }, issues: list };
}

interface Head {
	readonly version: string | undefined;
	readonly releaseDate: string | undefined;
	readonly tables: ReadonlyMap<string, TableHead>;
}

const FAMILIES: readonly BenchmarkFamily[] = ["inferencex", "mlperf-inference-v6.0"];
const KINDS: readonly TableHead["kind"][] = ["dated", "median", "submission", "evaluation"];

function readHead(files: CatalogueFiles, issues: Issues): Head | undefined {
	const at = openFile(files, HEAD, issues);
	if (at === undefined) return undefined;
	const top = members(at, ["version", "released", "tables"]);
	const version = textOf(need(at, top, "version"));
	const releaseDate = dayOf(need(at, top, "released"));
	const list = need(at, top, "tables");
	const tables = new Map<string, TableHead>();
	for (const [file, entry] of list === undefined ? [] : members(list)) {
		const found = members(entry, ["family", "kind", "confidence", "as_of"]);
		const family = choiceOf(need(entry, found, "family"), FAMILIES);
		const kind = choiceOf(need(entry, found, "kind"), KINDS);
		choiceOf(need(entry, found, "confidence"), ["measured"]);
		const asOf = dateOf(kind === "submission" ? need(entry, found, "as_of") : found.get("as_of"));
		if (!files.has(file)) report(entry, `file "${file}" is missing`, "a file of that name");
		if (family !== undefined && kind !== undefined) tables.set(file, { family, kind, ...(asOf && { asOf }) });
	}
	return { version, releaseDate, tables };
}

/** In the order in which the files refer to each other. */
function readFacts(files: CatalogueFiles, reading: Reading): Facts | undefined {
	const yaml = <T>(file: string, read: (at: Cursor, reading: Reading) => T): T | undefined => {
		const at = openFile(files, file, reading.issues);
		if (at !== undefined) return read(at, reading);
		for (const kind of IDS_OF[file] ?? []) reading.unread.add(kind);
		return undefined;
	};
	const csv = <T>(file: string, read: ReadCsv<T>): T[] => readTable(files, file, read, reading);
	const sources = yaml("sources.yaml", readSources);
	const vocabulary = yaml("vocabulary.yaml", readVocabulary);
	const hardware = yaml("accelerators.yaml", readHardware);
	const systems = yaml("systems.yaml", readSystems);
	const models = yaml("models.yaml", readModels);
	const servingLaw = yaml("serving-law.yaml", readServingLaw);
	const claims = files.has(CLAIMS) ? yaml(CLAIMS, readClaims) : [];
	const trafficShapes = files.has(TRAFFIC) ? yaml(TRAFFIC, readTrafficShapes) : [];
	const aliases = yaml("aliases.yaml", readAliases);
	const cards = yaml("rate-cards.yaml", readRateCards);
	const buildUps = yaml("build-up.yaml", readBuildUps);
	const rateReadings = csv("rate-readings.csv", readRateReadings);
	const facility = csv("facility.csv", readFacility);
	const apiPrices = csv("api-prices.csv", readApiPrices);
	const cloudPrices = csv("cloud-prices.csv", readCloudPrices);
	const trainingRuns = csv("training-runs.csv", readTrainingRuns);
	const trainingSteps = csv("training-validation.csv", readTrainingSteps);
	const trainingEfficiencies = csv("training-law.csv", readTrainingEfficiencies);
	if (
		!sources ||
		!vocabulary ||
		!hardware ||
		!systems ||
		!models ||
		!claims ||
		!trafficShapes ||
		!aliases ||
		!cards ||
		!buildUps ||
		!servingLaw
	)
		return undefined;
	return {
		sources,
		hardware,
		systems,
		models,
		tiers: cards.tiers,
		rateCards: cards.cards,
		rateReadings,
		facility,
		apiPrices,
		cloudPrices,
		...vocabulary,
		aliases,
		buildUps,
		trainingRuns,
		trainingSteps,
		trainingEfficiencies,
		servingLaw,
		trafficShapes,
		claims,
	};
}

/** Claims are kept as plain data; only their ids are noted, for the alias table. */
function readClaims(at: Cursor, reading: Reading): unknown[] {
	const list = isMapping(at) ? need(at, members(at, ["claims"]), "claims") : at;
	return elements(list).map((entry) => {
		const id = isMapping(entry)
			? textOf(need(entry, members(entry), "id"))
			: report(entry, "found no mapping", "a claim");
		if (id !== undefined) reading.ids.claim.add(id);
		return plain(entry);
	});
}

function readTables(
	files: CatalogueFiles,
	tables: ReadonlyMap<string, TableHead>,
	reading: Reading,
): Pick<Catalogue, "benchmarks" | "accuracyRuns" | "mlperf"> {
	const benchmarks: BenchmarkPoint[] = [];
	const accuracyRuns: AccuracyRun[] = [];
	const mlperf: MlperfResult[] = [];
	const seen = new Set<string>();
	for (const [file, head] of tables) {
		const text = files.get(file);
		if (text === undefined) continue;
		if (head.kind === "evaluation") accuracyRuns.push(...readAccuracyRuns(file, text, head, reading));
		else if (head.kind === "submission") mlperf.push(...readMlperf(file, text, head, reading));
		else benchmarks.push(...readPoints(file, text, head, reading, seen));
	}
	return { benchmarks, accuracyRuns, mlperf };
}

/** Training and serving tables are long too, but hold their evidence in each row, so the head says nothing of them. */
function readTrainingTables(
	files: CatalogueFiles,
	reading: Reading,
): Pick<Catalogue, "mlperfTraining" | "trainingThroughput" | "servingSample"> {
	return {
		mlperfTraining: readTable(files, "mlperf-training.csv", readMlperfTraining, reading),
		trainingThroughput: readTable(files, "training-throughput.csv", readTrainingThroughput, reading),
		servingSample: readTable(files, "benchmarks/serving-sample.csv", readServingSample, reading),
	};
}

type ReadCsv<T> = (file: string, text: string, reading: Reading) => T[];

function readTable<T>(files: CatalogueFiles, file: string, read: ReadCsv<T>, reading: Reading): T[] {
	const text = files.get(file);
	if (text === undefined) reportMissing(file, reading.issues);
	return text === undefined ? [] : read(file, text, reading);
}

function openFile(files: CatalogueFiles, file: string, issues: Issues): Cursor | undefined {
	const text = files.get(file);
	return text === undefined ? reportMissing(file, issues) : openYaml(file, text, issues);
}

function reportMissing(file: string, issues: Issues): undefined {
	return issues.add({ file, line: 1, column: 1, path: "" }, "the file is missing", "a file of that name");
}

function checkFileNames(files: CatalogueFiles, tables: ReadonlyMap<string, TableHead>, issues: Issues): void {
	const known = new Set([HEAD, CLAIMS, TRAFFIC, ...FACT_FILES, ...tables.keys()]);
	for (const file of files.keys()) {
		if (!isData(file) || known.has(file)) continue;
		issues.add({ file, line: 1, column: 1, path: "" }, "nothing reads this file", `a table named in ${HEAD}`);
	}
}

function isData(path: string): boolean {
	return path.endsWith(".yaml") || path.endsWith(".csv");
}

/** By file, line and column; what two readers saw at one place stands once. */
function tidy(issues: readonly Issue[]): Issue[] {
	const seen = new Set<string>();
	const once = issues.filter((issue) => {
		const key = canonicalJson(issue);
		return !seen.has(key) && seen.add(key);
	});
	return once.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));
}
