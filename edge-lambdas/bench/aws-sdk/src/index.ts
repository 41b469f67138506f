/** og-tags with the AWS SDK in the place of @backline/lambda-edge's calls, imported as a whole, as many do. */
import * as dynamoDb from "@aws-sdk/client-dynamodb";
import * as sqs from "@aws-sdk/client-sqs";
import { log, nearest, settings, withRequest } from "@backline/lambda-edge";
import type { CloudFrontRequestEvent } from "aws-lambda";
import { readCampaign } from "../../../functions/og-tags/src/campaign.ts";
import { previewPage } from "../../../functions/og-tags/src/page.ts";
import { readPath } from "../../../functions/og-tags/src/slug.ts";
import config from "./config.json" with { type: "json" };

const { text, url, optionalUrl, regions } = settings(config);
const site = { url: url("siteUrl"), name: text("siteName") };
const endpoint = optionalUrl("endpoint");
const client = { region: nearest(regions("replicas")), ...(endpoint && { endpoint }) };
const campaigns = new dynamoDb.DynamoDB(client);
export const clicks = new sqs.SQS(client);

export function handler(event: CloudFrontRequestEvent) {
  return withRequest(event, async ({ request }) => {
    const slug = readPath(request.uri)?.slug ?? "";
    const abortSignal = AbortSignal.timeout(800);
    const { Item } = await campaigns.getItem({ TableName: text("table"), Key: { slug: { S: slug } } }, { abortSignal });
    const campaign = readCampaign(Item as Parameters<typeof readCampaign>[0]);
    log("info", "Answered a preview", { uri: request.uri });
    return { status: "200", body: campaign && previewPage(site, slug, campaign) };
  });
}
