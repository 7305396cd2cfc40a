import { FarthingError } from "@farthing/answers";
import { CommanderError } from "commander";
import { printError, printErrorLine } from "./print.ts";
import { program } from "./program.ts";

/** Runs one command line and returns its exit code: 0, 1 (a check failed), 2, 3, 4 or 70. */
export async function run(argv: readonly string[]): Promise<number> {
	const asJson = argv.includes("--json");
	try {
		const outcome = { exitCode: 0 };
		await program(outcome).parseAsync([...argv], { from: "user" });
		return outcome.exitCode;
	} catch (error) {
		if (error instanceof CommanderError) return usageError(error, asJson);
		if (error instanceof FarthingError) {
			printError(error, asJson);
			return error.exit;
		}
		internalError(error, asJson);
		return 70;
	}
}

function usageError(error: CommanderError, asJson: boolean): number {
	if (error.exitCode === 0) return 0;
	const message = error.message.replace(/^error: /, "");
	const [first, ...rest] = message.split("\n");
	const code = error.code.replace("commander.", "").replace(/([A-Z])/g, (letter) => `-${letter.toLowerCase()}`);
	const hint = rest.join(" ").trim() || "farthing --help";
	printError(new FarthingError(2, code, first as string, { hint }), asJson);
	return 2;
}

/** A defect of ours: said in one line, with the trace only for who asks for it. */
function internalError(error: unknown, asJson: boolean): void {
	const message = error instanceof Error ? error.message : String(error);
	const told = new FarthingError(2, "internal", `internal error: ${message}`, {
		hint: "this is a defect of farthing; FARTHING_DEBUG=1 shows where it happened",
	});
	printError(told, asJson);
	if (process.env["FARTHING_DEBUG"] === "1" && error instanceof Error) printErrorLine(error.stack ?? "");
}
