/** The name of this edge location, in the form of CloudFront's. */
export const POP = "DESK1-P1";
