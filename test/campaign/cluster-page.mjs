// The part of docs/ledger-campaign.md that tells of the whole suite of stores on a ClickHouse cluster.
import { runSuite } from "../real/clickhouse/run-suite.mjs";
import { startCluster } from "../real/clickhouse/servers.mjs";

export async function runCluster(log) {
	const place = await startCluster();
	try {
		const tests = await runSuite(place);
		for (const { title, status, failureMessages } of tests) log(`${status}: ${title}${failureMessages.join("\n")}`);
		const rows = tests.map(({ title, status }) => `| ${title} | ${status === "passed" ? "yes" : "**no**"} |`);
		const text = [
			"## The suite of stores on a ClickHouse cluster",
			"",
			"Four servers, 2 shards with 2 replicas each. `.ci/run` runs the whole suite on one server and the weightiest tests on the cluster, with one server killed and started again.",
			"",
			"| | holds |",
			"|---|---|",
			...rows,
		].join("\n");
		return { text, isMet: tests.length > 10 && tests.every(({ status }) => status === "passed") };
	} finally {
		await place.stop();
	}
}
