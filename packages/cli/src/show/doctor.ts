import type { DoctorCheck } from "../commands/doctor.ts";
import { bad, dim, good } from "../print.ts";

export function doctorText({ checks }: { readonly checks: readonly DoctorCheck[] }): string {
	return checks
		.flatMap(({ name, state, detail, fix }) => {
			const mark = state === "ok" ? good("✓") : state === "warning" ? "!" : bad("✗");
			return [
				`${mark} ${detail.startsWith(name) ? detail : `${name}: ${detail}`}`,
				...(fix === undefined ? [] : [dim(`    fix: ${fix}`)]),
			];
		})
		.join("\n");
}
