/** Words of the first page. */
export const start = {
	title: "What does a million tokens really cost?",
	lead: "A benchmark says one number, the bill says another. Farthing computes both, and every step between them, from measured rows and dated prices.",
	example: "{model} at {volume}, the example that is open now",
	"example.sentence": "On a slide: {headline}. Delivered: {delivered}.",
	"example.open": "See the whole answer",
	"door.traffic": "I have traffic",
	"door.traffic.text":
		"Say how many tokens a day. See the cheapest fleet that keeps your speed, and what a million tokens cost on it.",
	"door.traffic.demand": "Tokens a day",
	"door.traffic.open": "Work out the cost",
	"door.bill": "I have a bill or metrics",
	"door.bill.text":
		"Compare what was paid with what was used: by model and team, to the cent of the bill, with idle as its own line.",
	"door.bill.open": "Open the actuals",
	"door.claim": "I have a quote or a claim",
	"door.claim.text": "Take a headline apart: what it implies, what reproduces it, what breaks it, and a verdict.",
	"door.claim.open": "Check a claim",
} as const;
