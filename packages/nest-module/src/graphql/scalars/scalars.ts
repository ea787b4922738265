import { GraphQLError, GraphQLScalarType, print } from 'graphql';
import { GraphQLDateTime, GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';

/** A moment, as RFC 3339 has it. */
export const DateTime = expecting('a text such as "2027-01-01T04:00:00Z" (RFC 3339)', GraphQLDateTime);
/** Any JSON. */
export const JSONValue: GraphQLScalarType = GraphQLJSON;
export const JSONObject = expecting('an object', GraphQLJSONObject);

/** A scalar that says what it expects of whoever gives something else: what the library says there is of no use (`[object Object]`, `false`). */
function expecting<Internal, External>(what: string, scalar: GraphQLScalarType<Internal, External>): GraphQLScalarType<Internal, External> {
  return new GraphQLScalarType({
    ...scalar.toConfig(),
    parseValue: (value) => {
      try {
        return scalar.parseValue(value);
      } catch {
        throw new GraphQLError(`Expected ${what}.`);
      }
    },
    parseLiteral: (node, variables) => {
      try {
        return scalar.parseLiteral(node, variables);
      } catch {
        throw new GraphQLError(`Expected ${what}, found ${print(node)}.`, { nodes: node });
      }
    },
  });
}
