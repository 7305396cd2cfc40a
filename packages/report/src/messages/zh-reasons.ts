/**
 * 结果中自带的英文理由、来源与警告，及其中文；写法同 `zh-labels.ts`。没有列出的按结果原样显示。
 */
type Pair = readonly [english: string, chinese: string];

/** 场景没有给出的值为何如此。 */
const DEFAULTS: readonly Pair[] = [
	["nothing is left out unless you say so", "除非说明，否则不排除任何选项"],
	["the statistic most benchmark rows publish", "多数基准测试行公布的统计量"],
	["a row that may break the limit is not ranked in silence", "可能超过限制的行不会悄悄进入排名"],
	["a fraction of a deployment serves nobody", "不完整的部署无法提供服务"],
	["N+1: one replica may fail or be replaced at the peak", "N+1：高峰时可有一个副本发生故障或被更换"],
	["who owns a host or rack pays for all of it; rent is by the GPU", "拥有主机或机柜者为其全部付费；租用则按 GPU 计费"],
	["none given: failures are left out of the cost", "没有给出：成本不计故障"],
	["a plan to own is a plan to buy", "自建的计划就是购买的计划"],
	["GPUs start, drain and come whole; an assumption, grade E", "GPU 有启动、排空与取整；此为假设，等级 E"],
	["a shell outlives the machines: it is charged over its own life", "机房比机器耐用：按其自身寿命计费"],
	["about four letters of text a token, with its wrapping", "每个 token 约四个字母的文本，含封装"],
	["the trend as measured", "按实测的趋势"],
	["only what the same configuration gained is counted", "只计同一配置的改进"],
	["no improvement is counted unless asked for", "除非要求，否则不计任何改进"],
	["every token is taken as sold", "视全部 token 均已售出"],
	["leased halls, as in the neocloud set of the catalogue", "租用的机房，同目录的新型云一组"],
	["the currency of the catalogue's prices", "目录中价格所用的货币"],
	["the last of the peak is too short to rent for", "高峰的最后一段太短，不值得租用"],
	["what is used most hours is owned", "多数时间都在用的部分由自己拥有"],
	["the middle of the market, not its cheapest corner", "市场的中间水平，而非最便宜的一角"],
	["upper end of the three to five years of economic life", "三至五年经济寿命的上限"],
	["between the five and six years of the large owners' filings", "介于大型业主申报的五年与六年之间"],
	[
		"eight months of rows do not show where the curve flattens: an assumption, grade E",
		"八个月的数据看不出曲线在何处变平：此为假设，等级 E",
	],
	[
		"day and night traffic of one region peaks at about twice its mean; an assumption, grade E",
		"单一地区昼夜流量的峰值约为均值的两倍；此为假设，等级 E",
	],
	["the section is left out", "没有给出这一节"],
];

const WARNINGS: readonly Pair[] = [
	[
		"rate card {card} ({tier}) is {days} days old on {asOf} (dated {dated})",
		"费率表 {card}（{tier}）的日期为 {dated}，至 {asOf} 已有 {days} 天",
	],
	[
		"API price list of {model} is {days} days old on {asOf} (dated {dated})",
		"{model} 的 API 价目表的日期为 {dated}，至 {asOf} 已有 {days} 天",
	],
	[
		'build-up "{set}" is {days} days old on {asOf} (dated {dated})',
		"成本构成 {set} 的日期为 {dated}，至 {asOf} 已有 {days} 天",
	],
	["{what} is {days} days old on {asOf} (dated {dated})", "{what} 的日期为 {dated}，至 {asOf} 已有 {days} 天"],
	[
		"{what} is of {dated}, after {asOf}: it was not known on that day",
		"{what} 的日期为 {dated}，在 {asOf} 之后：那一天还不知道它",
	],
	["better software is taken from a seller's claim ({claim}), grade E", "软件改进取自厂商的宣称（{claim}），等级 E"],
];

const REASONS: readonly Pair[] = [
	[
		"delivered cost per million tokens of the fleet this scenario needs, input and output alike",
		"此场景所需集群的每百万 token 交付成本，输入与输出合计",
	],
	["cost per million output tokens at full load, by MLPerf scenario", "满载时每百万输出 token 的成本，按 MLPerf 场景"],
	[
		"cost per million output tokens at full load, 1,000 tokens in and 1,000 out",
		"满载时每百万输出 token 的成本，输入 1,000 token、输出 1,000 token",
	],
	[
		"Artificial Analysis publishes pages and no files: key rows in and give the table",
		"Artificial Analysis 只发布网页，不发布文件：请录入各行并给出该表",
	],
	["the window has no whole day", "时间窗口内没有完整的一天"],
	["all days of {month} are in the window", "{month} 的所有日子都在时间窗口内"],
	["the window lacks the first days of {month}", "时间窗口缺少 {month} 的头几天"],
	[
		"{count} days with a cost on record in {month}, and a forecast takes at least {least}",
		"{month} 有费用记录的只有 {count} 天，而预测至少需要 {least} 天",
	],
	[
		"1 day with a cost on record in {month}, and a forecast takes at least {least}",
		"{month} 有费用记录的只有 1 天，而预测至少需要 {least} 天",
	],
	[
		"{count} of the {days} days of {month} so far have no cost on record",
		"{month} 至今的 {days} 天中有 {count} 天没有费用记录",
	],
	["fewer than {least} days are known", "已知的不足 {least} 天"],
	[
		"{count} days with a cost on record in the window, and a day is held against at least {least} before it",
		"时间窗口内有费用记录的有 {count} 天，而一天要与之前的至少 {least} 天比较",
	],
	[
		"1 day with a cost on record in the window, and a day is held against at least {least} before it",
		"时间窗口内有费用记录的有 1 天，而一天要与之前的至少 {least} 天比较",
	],
	["no machines are owned", "没有自有的机器"],
	["no configuration was measured twice", "没有配置被测量过两次"],
	[
		"it is about the next generation of hardware, and none is bought: give {setting}",
		"它针对下一代硬件，而计划中没有购买：请给出 {setting}",
	],
];

/** 软件的实测改进所依据的数据。 */
const GROUPS: readonly Pair[] = [
	["all stacks on all parts", "所有硬件上的全部推理框架"],
	["all stacks on {vendor} parts", "{vendor} 硬件上的全部推理框架"],
	["{stack} on {vendor} parts", "{vendor} 硬件上的 {stack}"],
	["all stacks on {hardware}", "{hardware} 上的全部推理框架"],
];

const PAIRS = [...GROUPS, ["{stack} on {hardware}", "{hardware} 上的 {stack}"] as const].map(
	([english, chinese]): Pair => [
		`pairs of ${english}, from the greatest loss to the greatest gain`,
		`${chinese} 的数据对，从最大损失到最大改进`,
	],
);

const SOURCES: readonly Pair[] = [
	["farthing: the plan itself", "farthing：计划本身"],
	["farthing: every pair is as likely", "farthing：各数据对的可能性相同"],
	["scenario {name}: lengths of a request", "场景 {name}：请求的长度"],
	["given with {flag}", "由 {flag} 给出"],
	...DEFAULTS.map(([english, chinese]): Pair => [`default: ${english}`, `默认：${chinese}`]),
];

export const REASONS_ZH: readonly Pair[] = [...SOURCES, ...PAIRS, ...GROUPS, ...REASONS, ...WARNINGS, ...DEFAULTS];
