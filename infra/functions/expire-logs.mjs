// Deletes the indices of days that are over, once a day: a domain whose disk is full takes nothing any more, from nobody.
import { AwsError, log, send } from "./aws.mjs";

const DAY_MILLIS = 86_400_000;

/** Days are tried again for as long, should the function not have run. */
const LOOK_BACK_DAYS = 14;

export async function handler() {
  const kept = Number(process.env.KEEP_DAYS);
  for (let age = kept + 1; age <= kept + LOOK_BACK_DAYS; age++) {
    const day = new Date(Date.now() - age * DAY_MILLIS).toISOString().slice(0, 10).replaceAll("-", ".");
    await forget(`logs-${day}`);
  }
}

async function forget(/** @type {string} */ index) {
  try {
    await send({
      service: "es",
      region: process.env.AWS_REGION ?? "",
      method: "DELETE",
      url: new URL(`/${index}`, process.env.SEARCH_ENDPOINT),
    });
    log({ level: "info", message: "deleted", index });
  } catch (error) {
    if (!(error instanceof AwsError && error.status === 404)) {
      throw error;
    }
  }
}
