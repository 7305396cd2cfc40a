import { FarthingError, type Said } from "@farthing/answers";
import { CommanderError } from "commander";
import { printError, printErrorLine } from "./print.ts";
import { program } from "./program.ts";

/** Runs one command line and returns its exit code: 0, 1 (a check failed), 2, 3, 4 or 70. */
export async function run(argv: readonly string[]): Promise<number> {
	const asJson = argv.includes("--json");
	try {
		if (argv[0] === "complete") {
			await (await import("./completion.ts")).runCompletion(argv);
			return 0;
		}
		const outcome = { exitCode: 0 };
		await program(outcome).parseAsync(withDaysJoined(argv), { from: "user" });
		return outcome.exitCode;
	} catch (error) {
		if (isCommandMissing(error) && !argv.includes("--help")) return run([...argv, "--help"]);
		try {
			return toldError(error, asJson);
		} catch {
			// There is nowhere left to write to.
			return error instanceof FarthingError ? error.exit : 70;
		}
	}
}

function toldError(error: unknown, asJson: boolean): number {
	if (error instanceof CommanderError) return usageError(error, asJson);
	if (error instanceof FarthingError) {
		// What cannot be written to standard output is told on standard error.
		printError(error, asJson && error.code !== "cannot-write");
		return error.exit;
	}
	internalError(error, asJson);
	return 70;
}

/** `farthing` or `farthing catalog` alone: what there is to choose from is shown. */
function isCommandMissing(error: unknown): boolean {
	return error instanceof CommanderError && error.code === "commander.help" && error.exitCode !== 0;
}

/** `--rows-between 2025-12-01 2025-12-31` is one value, written with a blank. */
function withDaysJoined(argv: readonly string[]): string[] {
	const at = argv.indexOf("--rows-between") + 1;
	const [from, to] = [argv[at], argv[at + 1]];
	if (at === 0 || !isDay(from) || !isDay(to)) return [...argv];
	return argv.toSpliced(at, 2, `${from},${to}`);
}

function isDay(text: string | undefined): boolean {
	return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function usageError(error: CommanderError, asJson: boolean): number {
	if (error.exitCode === 0) return 0;
	const message = error.message.replace(/^error: /, "");
	const [first, ...rest] = message.split("\n");
	const code = error.code.replace("commander.", "").replace(/([A-Z])/g, (letter) => `-${letter.toLowerCase()}`);
	const hint = rest.join(" ").trim() || "farthing --help";
	printError(new FarthingError(2, code, usageText(code, first as string), { hint }), asJson);
	return 2;
}

/** What commander says, with the name that it quotes. */
function usageText(code: string, en: string): Said {
	const name = /'([^']*)'/.exec(en)?.[1];
	const zh = USAGE[code];
	return name === undefined || zh === undefined ? en : { en, zh: zh(name) };
}

const USAGE: Readonly<Record<string, (name: string) => string>> = {
	"unknown-option": (name) => `没有选项“${name}”`,
	"unknown-command": (name) => `没有命令“${name}”`,
	"missing-argument": (name) => `缺少参数“${name}”`,
	"option-missing-argument": (name) => `选项“${name}”缺少取值`,
	"missing-mandatory-option-value": (name) => `必须给出选项“${name}”`,
};

/** A defect of ours: said in one line, with the trace only for who asks for it. */
function internalError(error: unknown, asJson: boolean): void {
	const message = error instanceof Error ? error.message : String(error);
	const told = new FarthingError(
		2,
		"internal",
		{ en: `internal error: ${message}`, zh: `内部错误：${message}` },
		{
			hint: {
				en: "this is a defect of farthing; FARTHING_DEBUG=1 shows where it happened",
				zh: "这是 farthing 的缺陷；FARTHING_DEBUG=1 显示发生的位置",
			},
		},
	);
	printError(told, asJson);
	if (process.env["FARTHING_DEBUG"] === "1" && error instanceof Error) printErrorLine(error.stack ?? "");
}
