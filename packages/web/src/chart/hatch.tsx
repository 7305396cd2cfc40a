import type { ReactNode } from "react";

/** The pattern of what lies outside the measured data: fill with `url(#hatch-ID)`. */
export function Hatch({ id }: { readonly id: string }): ReactNode {
	return (
		<defs>
			<pattern id={`hatch-${id}`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
				<line className="hatch-line" x1="0" x2="0" y1="0" y2="6" />
			</pattern>
		</defs>
	);
}
