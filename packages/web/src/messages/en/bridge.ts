/** Words of the bridge from the slide to the bill, which several pages show. */
export const bridge = {
	title: "From the slide to the bill",
	finding: "From {headline} on the slide to {delivered} delivered: {largest} adds the most, {share} of the difference.",
	findingNone: "The headline and the delivered cost are the same: {delivered}.",
	headline: "Headline",
	delivered: "Delivered",
	step: "Step",
	adds: "Adds",
	total: "Then at",
} as const;
