import { NativeSelect } from "@mantine/core";
import { useSession, useSessionState } from "../session-context.ts";

const TOTAL = "";

/** Which part of the gradient is shown: all of it, or one of the method's terms. */
export function TermSelect() {
  const session = useSession();
  const wanted = useSessionState((state) => state.wanted);
  // As one string, so that the same names are the same.
  const names = useSessionState(({ progress }) => Object.keys(progress?.terms ?? {}).join("\n"));
  const terms = names === "" ? [] : names.split("\n");
  const hasStepped = useSessionState(({ progress }) => progress !== undefined);
  const { term = TOTAL, ...others } = wanted;
  const isOther = term !== TOTAL && !terms.includes(term);
  return (
    <NativeSelect
      size="xs"
      styles={{ input: { height: 24, minHeight: 24, paddingInline: "6px 16px", fontSize: 11 } }}
      rightSectionWidth={18}
      aria-label="Gradient of"
      title="What is wanted of the view. Grey: leave as it is. Brighter: raise this colour channel. Darker: lower it."
      value={term}
      data={[
        { value: TOTAL, label: "total gradient" },
        ...terms.map((name) => ({ value: name, label: name })),
        ...(isOther ? [{ value: term, label: hasStepped ? `${term} (no weight)` : term }] : []),
      ]}
      onChange={({ currentTarget: { value } }) =>
        session.wantPictures({ ...others, ...(value !== TOTAL && { term: value }) })
      }
    />
  );
}
