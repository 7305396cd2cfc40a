import { claimIssues } from "@farthing/answers";
import { type Catalogue, CatalogueError, type CatalogueFiles, loadCatalogue } from "@farthing/catalogue";

/** Facts with their claims checked; throws a CatalogueError where anything is wrong with either. */
export function soundCatalogue(files: CatalogueFiles): Catalogue {
	const catalogue = loadCatalogue(files);
	const issues = claimIssues(files, catalogue.claims);
	if (issues.length > 0) throw new CatalogueError(issues);
	return catalogue;
}
