// npm run test:real: holds farthing against real programs. Debian packages that are missing are installed as root;
// otherwise they are named and the run fails. Arguments name the test files: npm run test:real -- report
//   npm run test:real -- --prepare   installs what is missing, and runs nothing
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { run as runTests } from "node:test";
import { install, isInstalled, main, root, run, SetupError, setup, step } from "./setup.mjs";

const folder = join(root, "test/real");
/** Begun first, so that the others run beside them and none of them is left alone at the end. */
const LONGEST = ["pages-of-plans.test.mjs", "pages-of-money.test.mjs", "clickhouse.test.mjs", "ledger-faults.test.mjs"];
/** More than cores: most of what a file does is wait for a browser, a server, a disk or the clock. */
const AT_ONCE = 2 * availableParallelism();

/** Programs that the tests start or files that these programs need, and the Debian packages that bring them. */
const programs = [
	{ command: "chromium", packages: ["chromium"] },
	{ command: "soffice", packages: ["libreoffice-calc-nogui"] },
	{ file: "/usr/lib/libreoffice/program/libsdlo.so", packages: ["libreoffice-impress-nogui"] },
	{ command: "pdftotext", packages: ["poppler-utils"] },
	{ command: "qpdf", packages: ["qpdf"] },
	{ file: "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf", packages: ["fonts-liberation2"] },
	{ command: "prometheus", packages: ["prometheus"] },
	{ command: "promtool", packages: ["prometheus"] },
	{ command: "python3", packages: ["python3"] },
	{ file: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", packages: ["fonts-dejavu-core"] },
];

await main(async () => {
	await setup();
	const missing = programs.filter((program) => !isPresent(program)).flatMap(({ packages }) => packages);
	if (missing.length > 0) await installDebian([...new Set(missing)]);
	if (!isInstalled(folder)) await step("real-test parts", console.log, () => install(folder));

	const wanted = process.argv.slice(2);
	if (wanted.includes("--prepare")) return 0;
	const files = readdirSync(folder)
		.filter((file) => file.endsWith(".test.mjs"))
		.filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
		.sort((a, b) => placeOf(a) - placeOf(b))
		.map((file) => join(folder, file));
	const { passed, failed } = await count(runTests({ files, concurrency: AT_ONCE }));
	console.log(`${passed} passed, ${failed} failed`);
	return failed > 0 || passed === 0 ? 1 : 0;
});

function placeOf(file) {
	const place = LONGEST.indexOf(file);
	return place < 0 ? LONGEST.length : place;
}

function isPresent({ command, file }) {
	if (file !== undefined) return existsSync(file);
	return (process.env.PATH ?? "").split(delimiter).some((place) => {
		try {
			accessSync(join(place, command), constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

async function installDebian(packages) {
	const isDebianRoot = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
	if (!isDebianRoot) {
		throw new SetupError(
			`the real tests need these Debian packages: ${packages.join(" ")}\nas root: apt-get install -y ${packages.join(" ")}`,
		);
	}
	process.env.DEBIAN_FRONTEND = "noninteractive";
	const apt = (...args) => run("apt-get", ["-q", "-y", ...args]);
	await step(`installed ${packages.join(" ")}`, console.log, async () => {
		await apt("update");
		await apt("install", "--no-install-recommends", ...packages);
	});
}

/** Prints one line per test, the failures in full, and counts the tests themselves, not the suites around them. */
async function count(events) {
	const total = { passed: 0, failed: 0 };
	for await (const { type, data } of events) {
		if (type === "test:stdout" || type === "test:stderr") process.stderr.write(data.message);
		if (type !== "test:pass" && type !== "test:fail") continue;
		// The tests of a suite whose set-up failed only say that they were cancelled.
		if (type === "test:fail" && data.details.error.failureType === "hookFailed") printCause(data.details.error);
		if (data.details.type === "suite" || data.skip !== undefined || data.todo !== undefined) continue;
		const seconds = (data.details.duration_ms / 1000).toFixed(1);
		console.log(`${type === "test:pass" ? "✓" : "✗"} ${data.name} (${seconds} s)`);
		if (type === "test:pass") {
			total.passed++;
		} else {
			total.failed++;
			printCause(data.details.error);
		}
	}
	return total;
}

function printCause(error) {
	console.log(String(error.cause?.stack ?? error.cause ?? error.stack ?? error).replace(/^/gm, "    "));
}
