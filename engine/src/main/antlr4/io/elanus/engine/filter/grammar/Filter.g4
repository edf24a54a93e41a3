/**
 * Milvus's filter expressions. Alternatives of expr stand in order of precedence, tightest first:
 * bitwise operators bind weaker than comparisons, `not` binds tighter than either.
 */
grammar Filter;

filter: expr EOF;

expr
  : INTEGER                                                          # integer
  | FLOATING                                                         # floating
  | BOOLEAN                                                          # bool
  | STRING                                                           # text
  | '{' IDENTIFIER '}'                                               # template
  | (ISO | INTERVAL) STRING                                          # time
  | path op=(ISNULL | ISNOTNULL)                                     # nullTest
  | IDENTIFIER '(' (argument (',' argument)* ','?)? ')'              # call
  | path                                                             # reference
  | ELEMENT ('[' IDENTIFIER ']')?                                    # element
  | '(' expr ')'                                                     # parens
  | '[' (expr (',' expr)* ','?)? ']'                                 # array
  | EXISTS expr                                                      # exists
  | expr LIKE expr                                                   # like
  | expr op=('=~' | '!~') expr                                       # regex
  | expr '**' expr                                                   # power
  | op=('+' | '-' | '~' | '!' | NOT) expr                            # unary
  | expr op=('*' | '/' | '%') expr                                   # multiplicative
  | expr op=('+' | '-') expr                                         # additive
  | expr op=('<<' | '>>') expr                                       # shift
  | expr NOT? IN expr                                                # membership
  | expr op1=('<' | '<=') path op2=('<' | '<=') expr                 # ascendingRange
  | expr op1=('>' | '>=') path op2=('>' | '>=') expr                 # descendingRange
  | expr op=('<' | '<=' | '>' | '>=') expr                           # relational
  | expr op=('==' | '!=') expr                                       # equality
  | expr '&' expr                                                    # bitAnd
  | expr '^' expr                                                    # bitXor
  | expr '|' expr                                                    # bitOr
  | expr AND expr                                                    # logicalAnd
  | expr OR expr                                                     # logicalOr
  ;

argument: (IDENTIFIER '=')? expr;

path: (IDENTIFIER | META) ('[' (STRING | INTEGER) ']')*;

BOOLEAN: 'true' | 'True' | 'TRUE' | 'false' | 'False' | 'FALSE';
LIKE: 'like' | 'LIKE';
EXISTS: 'exists' | 'EXISTS';
IN: 'in' | 'IN';
NOT: 'not' | 'NOT';
AND: 'and' | 'AND' | '&&';
OR: 'or' | 'OR' | '||';
ISNULL: 'is null' | 'IS NULL';
ISNOTNULL: 'is not null' | 'IS NOT NULL';
ISO: 'iso' | 'ISO';
INTERVAL: 'interval' | 'INTERVAL';
META: '$meta';
ELEMENT: '$';

INTEGER: [1-9] [0-9]* | '0' [0-7]* | '0' [xX] HEX+ | '0' [bB] [01]+;
FLOATING
  : [0-9]+ '.' [0-9]* EXPONENT?
  | '.' [0-9]+ EXPONENT?
  | [0-9]+ EXPONENT
  | '0' [xX] (HEX+ ('.' HEX*)? | '.' HEX+) [pP] [+-]? [0-9]+
  ;
STRING
  : ('u8' | 'u' | 'U' | 'L')? ('"' (~["\\\r\n] | '\\' .)* '"' | '\'' (~['\\\r\n] | '\\' .)* '\'')
  | [rR] ('"' ~["\r\n]* '"' | '\'' ~['\r\n]* '\'')
  ;
IDENTIFIER: [a-zA-Z_] [a-zA-Z_0-9]*;
SPACE: [ \t\r\n]+ -> skip;

fragment EXPONENT: [eE] [+-]? [0-9]+;
fragment HEX: [0-9a-fA-F];
