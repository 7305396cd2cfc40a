/** What `farthing plan` prints besides the years. Values come in as they are shown. */
import type { InEach } from "@farthing/answers";
import { BRIDGE_CAUSES_ZH } from "@farthing/report/labels";
import { inLanguage } from "../language.ts";

const en = {
	lengths: (input: string, output: string) => `${input} in / ${output} out`,
	peak: (ratio: string) => `peak ${ratio}`,
	anySpeed: "any speed",
	speed: (least: string) => `≥ ${least}`,
	anyTtft: "any TTFT",
	ttft: (statistic: string, most: string) => `${statistic} TTFT ≤ ${most}`,
	statistics: {} as Readonly<Record<string, string>>,
	noSpare: "no spare replica",
	spare: (count: number, without: readonly string[]) =>
		`N+${count}${without.length === 0 ? "" : `, not kept over the years by ${without.join(" and ")}`}`,
	delivered: (price: string, range: string, grade: string | undefined) =>
		`${price} per million tokens delivered, input and output alike${range === "" ? "" : `, P10–P90 ${range}`}, grade ${grade}`,
	fleet: (gpus: string, hardware: string, how: string, isStated: boolean, use: string, day: string, year: string) =>
		`  ${gpus} × ${hardware} (${how}), ${isStated ? "at a stated utilisation of" : "utilised at"} ${use}; ${day}, ${year}`,
	sameHours: "  utilisation is the same at all hours of the day",
	hours: (lowest: string, highest: string) => `  utilisation over the hours of the day: ${lowest} to ${highest}`,
	sizing: (replicas: string, isOne: boolean, share: string | undefined, isSimulated: boolean, least: string) =>
		`  ${replicas} ${isOne ? "replica keeps" : "replicas keep"} the limits in the busiest hour${share === undefined ? "" : ` (${share} of simulated requests)`}, ${isSimulated ? "simulated" : "estimated by queueing"}; throughput alone asks for ${least}`,
	busy: (use: string, busy: string) =>
		`  in that hour they are utilised at ${use} of their benchmarked throughput, and busy ${busy} of the time`,
	up: (least: number, all: string, isOne: boolean, share: string, failing: number) =>
		`  at least ${least} of ${all} ${isOne ? "replica is" : "replicas are"} up ${share} of the time; failures alone ask for ${failing} spare`,
	scaler: (target: string, interval: number, fewest: string, isOne: boolean) =>
		` (aiming at ${target}, every ${interval} s, at least ${fewest} ${isOne ? "replica" : "replicas"})`,
	scaled: (scaler: string, needed: string, rest: string) =>
		`  the autoscaler${scaler} keeps ${needed} of GPU-hours up; ${rest}`,
	restUnpaid: "the rest is not paid for",
	restIdle: (reason: string) => `the rest is idle and saves nothing: ${reason}`,
	searchEstimated: "    estimated: a day has more requests than are simulated",
	searched: (days: number, isCut: boolean) =>
		`    found among ${days} simulated days${isCut ? "; the search was cut short" : ""}`,
	columns: {
		hardware: "hardware",
		stack: "stack",
		precision: "precision",
		layout: "layout",
		delivered: "$/M delivered",
		range: "P10–P90",
		gpus: "GPUs",
		use: "util",
		useStated: "util, stated",
		grade: "grade",
		headline: "$/M headline",
		speed: "tok/s/user",
		row: "row",
	},
	moreOptions: (count: string, isOne: boolean, all: number) =>
		`… ${count} more ${isOne ? "option" : "options"}: --top ${all}`,
	headlineWinner: (place: number, count: number, what: string, headline: string, delivered: string, use: string) =>
		`The cheapest headline is ${place === count ? "last" : `place ${place}`} of ${count} once delivered: ${what}, ${headline} at full load, ${delivered} at the ${use} this demand needs of it.`,
	noVolumes: (reason: string | undefined) =>
		`Cheapest delivered by daily volume: none; ${reason ?? "no volume was looked at"}`,
	volumes: (isEstimated: boolean) =>
		`Cheapest delivered, by daily volume${isEstimated ? ", fleets sized by the queueing estimate" : ""}:`,
	from: (volume: string, name: string) => `  from ${volume}: ${name}`,
	nextLead: (volume: string, name: string) => `  next after this demand, from ${volume}: ${name}`,
	volumesEnd: (reason: string) => `  they end there: ${reason}`,
	lead: "  a lead counts where it holds for a quarter more volume",
	interrupted: (places: readonly string[], more: string, isOne: boolean) =>
		`; steps of whole replicas put others ahead at ${places.join(", ")}${more === "" ? "" : ` and ${more} more ${isOne ? "stretch" : "stretches"}`} tok/day`,
	apiHeading: "API price of the same model, input and output blended, nothing cached:",
	apiOffer: (statistic: string, offers: number, provider: string, price: string, breakEven: string) =>
		`  ${statistic} of ${offers} offers (${provider}): ${price}; ${breakEven}`,
	apiCounts: "  this counts GPU-hours by the rate card alone: no people and no costs beyond the card",
	apiNever: "self-hosting does not get below it",
	apiNeverForGood: (places: readonly string[]) =>
		`self-hosting is below it at ${places.join(", ")} tok/day only, not for good`,
	apiFrom: (volume: string, before: readonly string[]) =>
		`self-hosting is below it from ${volume} on${before.length === 0 ? "" : `, and before that at ${before.join(", ")}`}`,
	slower: (count: number, speed: string) => `${count} are slower than ${speed} tok/s/user`,
	lateTtft: (count: number, ttft: string) => `${count} have a TTFT over ${ttft}`,
	misses: (count: number, limit: string) => `${count} miss ${limit}`,
	askedSpeed: "asked",
	theLimit: "the limit",
	unranked: (count: number) => `${count} could not be ranked`,
	ranked: (count: number) => `${count} ranked`,
	rows: (considered: number, parts: readonly string[]) => `Of ${considered} measured rows: ${parts.join(", ")}`,
	room: {
		"over-power-limit": "the fleet needs more power than the site has",
		"over-host-limit": "the fleet needs more hosts than there are",
		"over-gpu-limit": "the fleet needs more GPUs than there are",
	} as Readonly<Record<string, string>>,
	to: (from: string, to: string) => `${from} to ${to}`,
	search: {
		line: (parts: readonly string[]) => `  searched: ${parts.join(", ")}`,
		sizes: (ends: string) => `${ends} GPUs a replica`,
		layouts: (count: string, isOne: boolean) => `${count} parallel ${isOne ? "layout" : "layouts"}`,
		splits: (count: string, isOne: boolean, ends: string) =>
			`${count} prefill:decode ${isOne ? "split" : "splits"} (${ends})`,
		inFlight: (ends: string) => `${ends} requests in flight`,
		modelled: (count: number) => `${count} modelled`,
	},
	sharing: {
		none: (reason: string) => `Sharing machines: ${reason}`,
		verdict: (parts: readonly string[]) => `Sharing machines, confirmed by a simulated day: ${parts.join("; ")}`,
		oneLoad: "one fleet for all as one load",
		apart: "fleets apart",
		sharing: "sharing",
		cheapest: (what: string) => `the cheapest is ${what}`,
		together: (gpus: number, hardware: string, cost: string, busy: string) =>
			`  together ${gpus} × ${hardware}, ${cost}, ${busy} busy`,
		separate: (gpus: number, cost: string) => `; apart ${gpus} GPUs, ${cost}`,
		asOne: (gpus: number, bill: string) => `; as one load ${gpus} GPUs, ${bill}`,
		shared: (what: readonly string[]) => `  shared: ${what.join("; ")}`,
		same: (against: string) => `costs the same as ${against}`,
		saves: (bill: string, share: string, against: string) => `saves ${bill} (${share}) against ${against}`,
		costs: (bill: string, share: string, against: string) => `costs ${bill} (${share}) more than ${against}`,
		replicas: (count: string, isOne: boolean, layout: string) =>
			`${count} ${isOne ? "replica" : "replicas"} of ${layout}`,
		behind: (name: string) => `behind ${name} on its replicas`,
		beside: (name: string) => `with ${name} on its replicas`,
		within: (share: string) => `${share} of requests within the limits`,
		slowest: (hours: string) => `the slowest request done after ${hours} h`,
		load: (name: string, place: string, kept: string, gpus: number, hardware: string) =>
			`${name}: ${place}, ${kept}; alone ${gpus} × ${hardware}`,
	},
	site: (there: readonly string[], drawn: string | undefined) =>
		`The site has room for ${there.join(", ")}${drawn === undefined ? "" : `; the cheapest takes ${drawn}`}`,
	sitePower: (power: string, pue: number | undefined) => `${power} at a PUE of ${pue}`,
	hosts: (count: string, isOne: boolean) => `${count} ${isOne ? "host" : "hosts"}`,
	gpus: (count: string, isOne: boolean) => `${count} ${isOne ? "GPU" : "GPUs"}`,
	siteMost: (volume: string, gpus: number, name: string, isEstimated: boolean) =>
		`  the most that fits: ${volume} on ${gpus} GPUs of ${name}${isEstimated ? ", by the queueing estimate" : ""}`,
	next: (commands: readonly string[]) => `Next: ${commands.join(" · ")}`,
	noDefaults: "Nothing was left to a default.",
	defaults: ["member", "taken", "why"] as readonly string[],
	bridge: {
		headline: "headline, every GPU at full load",
		delivered: "= delivered",
		causes: {} as Readonly<Record<string, string>>,
	},
};

const zh: typeof en = {
	lengths: (input, output) => `输入 ${input} / 输出 ${output}`,
	peak: (ratio) => `峰值 ${ratio}`,
	anySpeed: "速度不限",
	speed: (least) => `≥ ${least}`,
	anyTtft: "TTFT 不限",
	ttft: (statistic, most) => `TTFT ${statistic} ≤ ${most}`,
	statistics: { median: "中位数", mean: "均值", p90: "P90", p99: "P99" },
	noSpare: "没有备用副本",
	spare: (count, without) => `N+${count}${without.length === 0 ? "" : `，${without.join("、")}在各年中没有保留`}`,
	delivered: (price, range, grade) =>
		`每百万交付 token ${price}，输入与输出合计${range === "" ? "" : `，P10–P90 ${range}`}，等级 ${grade}`,
	fleet: (gpus, hardware, how, isStated, use, day, year) =>
		`  ${gpus} × ${hardware}（${how}），${isStated ? "给定的利用率" : "利用率"} ${use}；${day}，${year}`,
	sameHours: "  一天各小时的利用率相同",
	hours: (lowest, highest) => `  一天各小时的利用率：${lowest} 至 ${highest}`,
	sizing: (replicas, _, share, isSimulated, least) =>
		`  最忙的一小时 ${replicas} 个副本满足限制${share === undefined ? "" : `（模拟请求的 ${share}）`}，${isSimulated ? "经模拟" : "按排队论估计"}；仅按吞吐量需要 ${least}`,
	busy: (use, busy) => `  那一小时的利用率为基准吞吐量的 ${use}，${busy} 的时间在忙`,
	up: (least, all, _, share, failing) =>
		`  ${share} 的时间里 ${all} 个副本中至少 ${least} 个可用；仅为故障需要 ${failing} 个备用`,
	scaler: (target, interval, fewest) => `（目标 ${target}，每 ${interval} s 一次，至少 ${fewest} 个副本）`,
	scaled: (scaler, needed, rest) => `  自动扩缩容${scaler}使 ${needed} 的 GPU 小时处于运行；${rest}`,
	restUnpaid: "其余不付费",
	restIdle: (reason) => `其余空闲而不省钱：${reason}`,
	searchEstimated: "    为估计：一天的请求多于模拟的数量",
	searched: (days, isCut) => `    从 ${days} 个模拟日中找到${isCut ? "；搜索被提前结束" : ""}`,
	columns: {
		hardware: "硬件",
		stack: "推理框架",
		precision: "精度",
		layout: "部署方式",
		delivered: "$/M 交付",
		range: "P10–P90",
		gpus: "GPU 数",
		use: "利用率",
		useStated: "利用率，给定",
		grade: "等级",
		headline: "$/M 宣传",
		speed: "tok/s/user",
		row: "行",
	},
	moreOptions: (count, _, all) => `… 另有 ${count} 个方案：--top ${all}`,
	headlineWinner: (place, count, what, headline, delivered, use) =>
		`按宣传口径最便宜的，交付后在 ${count} 个中列${place === count ? "最后" : `第 ${place}`}：${what}，满载时 ${headline}，按此需求所需的 ${use} 为 ${delivered}。`,
	noVolumes: (reason) => `按每日用量，交付口径最便宜的：没有；${reason ?? "没有考察任何用量"}`,
	volumes: (isEstimated) => `按每日用量，交付口径最便宜的${isEstimated ? "（集群规模按排队论估计）" : ""}：`,
	from: (volume, name) => `  从 ${volume} 起：${name}`,
	nextLead: (volume, name) => `  从此用量往上，下一个领先者自 ${volume} 起：${name}`,
	volumesEnd: (reason) => `  到此为止：${reason}`,
	lead: "  领先要在用量再多四分之一时仍成立才算数",
	interrupted: (places, more) =>
		`；副本取整的台阶使其他方案在 ${places.join("、")}${more === "" ? "" : ` 以及另外 ${more} 段`} tok/day 处领先`,
	apiHeading: "同一模型的 API 价格，输入与输出加权，不计缓存：",
	apiOffer: (statistic, offers, provider, price, breakEven) =>
		`  ${offers} 个报价的${statistic === "lowest" ? "最低值" : statistic === "median" ? "中位数" : statistic}（${provider}）：${price}；${breakEven}`,
	apiCounts: "  只按费率表计 GPU 小时：不含人员，也不含费率表以外的成本",
	apiNever: "自行部署不会低于它",
	apiNeverForGood: (places) => `自行部署只在 ${places.join("、")} tok/day 处低于它，并不持久`,
	apiFrom: (volume, before) =>
		`从 ${volume} 起自行部署低于它${before.length === 0 ? "" : `，此前在 ${before.join("、")} 处也低于它`}`,
	slower: (count, speed) => `${count} 行慢于 ${speed} tok/s/user`,
	lateTtft: (count, ttft) => `${count} 行的 TTFT 超过 ${ttft}`,
	misses: (count, limit) => `${count} 行不满足 ${limit}`,
	askedSpeed: "要求的",
	theLimit: "限制",
	unranked: (count) => `${count} 行未能排名`,
	ranked: (count) => `${count} 行已排名`,
	rows: (considered, parts) => `${considered} 行实测数据之中：${parts.join("，")}`,
	room: {
		"over-power-limit": "集群所需功率超过机房容量",
		"over-host-limit": "集群所需主机多于现有",
		"over-gpu-limit": "集群所需 GPU 多于现有",
	},
	to: (from, to) => `${from} 至 ${to}`,
	search: {
		line: (parts) => `  搜索范围：${parts.join("，")}`,
		sizes: (ends) => `每副本 ${ends} 张 GPU`,
		layouts: (count) => `${count} 种并行布局`,
		splits: (count, _, ends) => `${count} 种 prefill:decode 拆分（${ends}）`,
		inFlight: (ends) => `${ends} 个在途请求`,
		modelled: (count) => `${count} 个由模型推算`,
	},
	sharing: {
		none: (reason) => `共享机器：${reason}`,
		verdict: (parts) => `共享机器，经一个模拟日确认：${parts.join("；")}`,
		oneLoad: "全部作为一个负载的一个集群",
		apart: "各自的集群",
		sharing: "共享",
		cheapest: (what) => `最便宜的是${what}`,
		together: (gpus, hardware, cost, busy) => `  合用 ${gpus} × ${hardware}，${cost}，${busy} 的时间在忙`,
		separate: (gpus, cost) => `；分开 ${gpus} 张 GPU，${cost}`,
		asOne: (gpus, bill) => `；作为一个负载 ${gpus} 张 GPU，${bill}`,
		shared: (what) => `  共享的内容：${what.join("；")}`,
		same: (against) => `与${against}成本相同`,
		saves: (bill, share, against) => `比${against}节省 ${bill}（${share}）`,
		costs: (bill, share, against) => `比${against}多花 ${bill}（${share}）`,
		replicas: (count, _, layout) => `${count} 个副本，${layout}`,
		behind: (name) => `在 ${name} 的副本上排在其后`,
		beside: (name) => `在 ${name} 的副本上一同运行`,
		within: (share) => `${share} 的请求满足限制`,
		slowest: (hours) => `最慢的请求在 ${hours} h 后完成`,
		load: (name, place, kept, gpus, hardware) => `${name}：${place}，${kept}；单独需要 ${gpus} × ${hardware}`,
	},
	site: (there, drawn) => `机房可容纳 ${there.join("，")}${drawn === undefined ? "" : `；最便宜的方案需要 ${drawn}`}`,
	sitePower: (power, pue) => `${power}，PUE ${pue}`,
	hosts: (count) => `${count} 台主机`,
	gpus: (count) => `${count} 张 GPU`,
	siteMost: (volume, gpus, name, isEstimated) =>
		`  最多能容纳：${volume}，使用 ${gpus} 张 ${name} 的 GPU${isEstimated ? "，按排队论估计" : ""}`,
	next: (commands) => `接下来：${commands.join(" · ")}`,
	noDefaults: "没有任何一项取默认值。",
	defaults: ["成员", "取值", "原因"],
	bridge: {
		headline: "宣传口径，每张 GPU 满载",
		delivered: "= 交付口径",
		causes: BRIDGE_CAUSES_ZH,
	},
};

const inEach: InEach<typeof en> = { en, zh };

export const planWords: typeof en = inLanguage(inEach);
