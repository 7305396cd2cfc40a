// node scripts/complete-lock.mjs: npm leaves a platform's binary out of the lock file where the registry at hand does
// not serve it, and `npm ci` then refuses that lock file everywhere. This writes the missing entries, with the platform
// from the name, into the lock files of the repository and of the real tests. Run it after any npm install that changed the lock file.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm64", "arm", "ia32", "loong64", "ppc64", "riscv64", "s390x", "x64", "wasm32"];

/** Entries for optional dependencies that `packages` of a lock file names and does not hold. */
export function missingEntries(packages) {
	const missing = {};
	for (const [place, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
		for (const [name, version] of Object.entries(optionalDependencies)) {
			const isHeld = `node_modules/${name}` in packages || `${place}/node_modules/${name}` in packages;
			if (isHeld) continue;
			const { os, cpu, libc } = platform(name);
			const stage = { ...(dev ? { dev } : {}), ...(libc ? { libc } : {}) };
			missing[`node_modules/${name}`] = { version, cpu, ...stage, optional: true, os };
		}
	}
	return missing;
}

function platform(name) {
	const words = name.split(/[/-]/);
	const os = systems.find((system) => words.includes(system));
	const cpu = processors.find((processor) => words.includes(processor));
	if (os === undefined || cpu === undefined) throw new Error(`cannot tell the platform of ${name}`);
	const libc = words.includes("musl") ? ["musl"] : words.includes("gnu") ? ["glibc"] : undefined;
	return { os: [os], cpu: [cpu], libc };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	for (const place of ["package-lock.json", "test/real/package-lock.json"]) {
		const path = join(fileURLToPath(new URL("..", import.meta.url)), place);
		const lock = JSON.parse(readFileSync(path, "utf8"));
		const missing = missingEntries(lock.packages);
		const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
		writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, "\t")}\n`);
		console.log(`${place}: added ${Object.keys(missing).length}: ${Object.keys(missing).join(" ")}`);
	}
}
