import { type RefObject, useEffect, useState } from "react";

/** Width of an element in whole pixels, as it changes. */
export function useWidth(of: RefObject<HTMLElement | null>, first = 640): number {
	const [width, setWidth] = useState(first);
	useEffect(() => {
		const element = of.current;
		if (element === null) return;
		const measure = (): void => {
			const found = Math.floor(element.clientWidth);
			if (found > 0) setWidth(found);
		};
		measure();
		const observer = new ResizeObserver(measure);
		observer.observe(element);
		return () => observer.disconnect();
	}, [of]);
	return width;
}
