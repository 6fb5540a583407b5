//! The queries of the comparison with the oracle, and the log with what generated logs do not have.
//!
//! `<log:N>` stands for the graph of log number N.

/// In front of every query, all on one line.
pub const PREFIXES: &str = "PREFIX ex: <https://robots.example/interaction/> PREFIX e: <http://e.org/> \
     PREFIX segb: <http://www.gsi.upm.es/ontologies/segb/ns#> PREFIX oro: <http://kb.openrobots.org#> \
     PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX onyx: <http://www.gsi.upm.es/ontologies/onyx/ns#> \
     PREFIX emoml: <http://www.gsi.upm.es/ontologies/onyx/vocabularies/emotionml/ns#> \
     PREFIX schema: <http://schema.org/> PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX oa: <http://www.w3.org/ns/oa#> \
     PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ";

/// Numbers of all types, equal values in different forms, dates, languages, lists, cycles, blank nodes, and terms in
/// unusual places.
pub const EDGE_LOG: &str = r#"
@prefix e: <http://e.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:n1 e:value 1 , 01 , 1.0 , 1e0 , "1"^^xsd:float , "1" , "1"^^e:own , true , "1"^^xsd:boolean .
e:n2 e:value -7 , 2.50 , "2.5"^^xsd:decimal , 1e400 , "NaN"^^xsd:double , "INF"^^xsd:double , "-INF"^^xsd:float .
e:n3 e:value "one"^^xsd:integer , ""^^xsd:decimal , "2026-02-30"^^xsd:date , "maybe"^^xsd:boolean .
e:big e:value 123456789012345678901234567890 , 0.1 , 0.2 , 0.3 .
e:d1 e:at "2026-03-01T10:00:00Z"^^xsd:dateTime , "2026-03-01T11:00:00+01:00"^^xsd:dateTime ,
    "2026-03-01T10:00:00"^^xsd:dateTime , "2026-03-01T09:59:59.999Z"^^xsd:dateTime , "2026-02-28T24:00:00Z"^^xsd:dateTime .
e:d2 e:on "2026-03-01"^^xsd:date , "2026-03-01Z"^^xsd:date , "2025-12-31"^^xsd:date ; e:lasts "PT90M"^^xsd:dayTimeDuration ,
    "PT1H30M"^^xsd:duration , "P1M"^^xsd:yearMonthDuration ; e:year "2026"^^xsd:gYear ; e:clock "10:00:00Z"^^xsd:time .
e:l1 e:label "colour"@en-GB , "color"@en-US , "color"@en , "color" , "Farbe"@de , "couleur"@FR , "" , ""@en ; rdfs:label "l1" .
e:l2 e:label "COLOR"@EN , "straße" , "STRASSE" , "e\u0301" , "\u00e9" , "👩🏽\u200D🚀" , "a\nb" , "a\r\nb" , "tab\there" , "q\"q\\" .
e:list e:items ( 1 "two" ( 3 e:four ) ( ) [ e:p 5 ] ) ; e:empty ( ) .
e:a e:next e:b . e:b e:next e:c . e:c e:next e:a , e:d . e:d e:next e:d . e:z e:next e:a ; e:other e:b .
e:e1 e:edge e:e2 . e:e2 e:edge e:e3 , e:e4 . e:e4 e:edge e:e5 . e:e5 e:back e:e1 .
_:p e:knows _:q ; e:name "p" . _:q e:knows _:p , [ e:name "r" ] ; e:name "q" .
e:p e:p e:p . e:value a e:Property ; e:value e:value . e:s <http://e.org/odd/p.#> <http://e.org/a,b(c)'d> .
<http://amor-segb/events> e:label "the graph itself" . <urn:segb:log:none> e:label "no log" .
<https://robots.example/interaction/robot1> schema:name "ARI 1" .
"#;

/// SELECT whose rows may come in any order.
pub const UNORDERED: &[&str] = &[
    // Patterns.
    "SELECT * { ?s ?p ?o }",
    "SELECT * { e:n1 ?p ?o }",
    "SELECT * { ?s e:value ?o }",
    "SELECT * { ?s ?p e:a }",
    "SELECT ?p { e:a ?p e:b }",
    "SELECT * { e:a e:next ?o }",
    "SELECT ?s { ?s e:next e:a }",
    "SELECT * { e:a e:next e:b }",
    "SELECT * { e:a e:next e:a }",
    "SELECT * { ?x ?x ?x }",
    "SELECT * { ?x e:next ?x }",
    "SELECT ?s ?o { ?s ?p ?o . ?o ?p ?s }",
    "SELECT * { e:value e:value ?v }",
    "SELECT * { }",
    "SELECT (1 AS ?one) { }",
    "SELECT * { ?s e:nothing ?o }",
    "SELECT * { ?s e:value 1 }",
    "SELECT * { ?s e:value 01 }",
    "SELECT * { ?s e:value 1.0 }",
    "SELECT * { ?s e:value true }",
    "SELECT * { ?s e:value '1'^^e:own }",
    "SELECT * { ?s <http://e.org/odd/p.#> ?o }",
    "SELECT ?r ?n { ?r a oro:Robot ; schema:name ?n }",
    "SELECT ?a ?t { ?a segb:wasPerformedBy ex:robot3 ; prov:startedAtTime ?t }",
    "SELECT ?heard ?text { ex:i7listen prov:generated ?heard . ?heard schema:text ?text }",
    "SELECT ?i ?c { ?set a onyx:EmotionSet ; onyx:hasEmotion [ onyx:hasEmotionIntensity ?i ; onyx:hasEmotionCategory ?c ] }",
    "SELECT ?said { ?listen a oro:ListeningEvent ; oro:hasSpeaker ex:human4 . ?analysis segb:triggeredByActivity ?listen . \
        ?answer segb:triggeredByActivity ?analysis ; prov:generated ?m . ?m schema:text ?said }",
    // Blank nodes and lists.
    "SELECT ?b ?n { ?b e:name ?n FILTER(isBlank(?b)) }",
    "SELECT ?x ?y { ?x e:knows ?y . ?y e:knows ?x }",
    "SELECT ?n { [] e:knows [ e:name ?n ] }",
    "SELECT * { _:x e:knows _:y . _:y e:name ?n }",
    "SELECT ?first { e:list e:items/rdf:first ?first }",
    "SELECT ?item { e:list e:items/rdf:rest*/rdf:first ?item }",
    "SELECT ?item { e:list (e:items|rdf:rest|rdf:first)+ ?item FILTER(!isBlank(?item)) }",
    "SELECT ?s { ?s e:items ( 1 'two' ( 3 e:four ) ( ) [ e:p 5 ] ) }",
    "SELECT ?s { ?s e:empty () }",
    // Property paths.
    "SELECT ?x ?y { ?x e:next/e:next ?y }",
    "SELECT ?x ?y { ?x ^e:next ?y }",
    "SELECT ?x ?y { ?x e:next|e:other ?y }",
    "SELECT ?x ?y { ?x e:next+ ?y }",
    "SELECT ?y { e:a e:next* ?y }",
    "SELECT ?x { ?x e:next* e:a }",
    "SELECT ?y { e:nowhere e:next* ?y }",
    "SELECT ?x ?y { ?x e:edge? ?y FILTER(STRSTARTS(STR(?x), 'http://e.org/e')) }",
    "SELECT ?y { e:e1 e:edge? ?y }",
    "SELECT ?x ?y { ?x (e:edge+/e:back)+ ?y }",
    "SELECT ?x ?y { ?x (e:edge|^e:back)* ?y FILTER(?x = e:e1 || ?x = e:e5) }",
    "SELECT ?x ?y { ?x !(e:next|e:value) ?y FILTER(STRSTARTS(STR(?x), 'http://e.org/')) }",
    "SELECT ?y { e:a !^e:next ?y }",
    "SELECT ?x { e:b !(e:other|^e:next) ?x }",
    "SELECT ?y { e:z (e:next|e:other)/(e:next)* ?y }",
    "SELECT ?x ?y { ?x (^e:edge/e:edge) ?y FILTER(?x != ?y) }",
    "SELECT ?x { ?x e:next+ ?x }",
    "SELECT ?m { ex:i5answer (segb:triggeredByActivity/prov:generated) ?m }",
    "SELECT ?a { ex:i5answer segb:triggeredByActivity+ ?a }",
    "SELECT (COUNT(*) AS ?n) { ?x segb:triggeredByActivity* ?y }",
    "SELECT ?t ?e { ex:human2 ^oa:hasTarget/onyx:hasEmotion/onyx:hasEmotionCategory ?e ; a ?t }",
    // OPTIONAL, UNION, MINUS, EXISTS.
    "SELECT * { ?s e:next ?o OPTIONAL { ?s e:other ?x } }",
    "SELECT * { ?s e:next ?o OPTIONAL { ?o e:other ?x OPTIONAL { ?x e:next ?y } } }",
    "SELECT * { ?s e:next ?o OPTIONAL { ?o e:next ?y FILTER(?y != ?s) } }",
    "SELECT * { OPTIONAL { e:a e:nothing ?x } }",
    "SELECT ?s ?a ?b { ?s e:next ?o OPTIONAL { ?s e:other ?a } OPTIONAL { ?o e:other ?a } OPTIONAL { ?a e:next ?b } }",
    "SELECT ?m ?set { ?m a schema:Message OPTIONAL { ?set prov:wasGeneratedBy ?x . ?x prov:used ?m } }",
    "SELECT * { { ?s e:next ?o } UNION { ?s e:edge ?o } UNION { ?s e:back ?x } }",
    "SELECT * { { ?s e:next e:a } UNION { } }",
    "SELECT * { ?s e:next ?o MINUS { ?s e:other ?x } }",
    "SELECT * { ?s e:next ?o MINUS { ?x e:other ?y } }",
    "SELECT * { ?s e:next ?o MINUS { ?o e:next ?s } }",
    "SELECT ?s { ?s a segb:LoggedActivity MINUS { ?s a oro:ListeningEvent } MINUS { ?s a oro:ResponseEvent } }",
    "SELECT ?s { ?s e:next ?o FILTER EXISTS { ?o e:next ?s } }",
    "SELECT ?s { ?s e:next ?o FILTER NOT EXISTS { ?x e:next ?s } }",
    "SELECT ?s { ?s e:next ?o FILTER EXISTS { ?o e:next ?y FILTER(?y = ?s || ?y = e:a) } }",
    "SELECT ?s (EXISTS { ?s e:other ?x } AS ?has) { ?s e:next ?o }",
    "SELECT ?r { ?r a oro:Robot FILTER NOT EXISTS { ?a segb:wasPerformedBy ?r ; prov:startedAtTime ?t \
        FILTER(?t > '2026-03-01T00:01:55Z'^^xsd:dateTime) } }",
    // BIND, VALUES, subqueries.
    "SELECT * { ?s e:next ?o BIND(STR(?s) AS ?text) BIND(STRLEN(?text) AS ?length) FILTER(?length = 14) }",
    "SELECT * { BIND(1/0 AS ?x) BIND(COALESCE(?x, 'none') AS ?y) }",
    "SELECT * { VALUES ?s { e:a e:b e:nobody } ?s e:next ?o }",
    "SELECT * { ?s e:next ?o VALUES (?s ?x) { (e:a 1) (UNDEF 2) (e:b UNDEF) } }",
    "SELECT * { VALUES (?x ?y) { (1 2) (1 2) (UNDEF 3) } }",
    "SELECT * { VALUES () { () () } }",
    "SELECT * { ?s e:next ?o } VALUES ?o { e:a }",
    "SELECT ?s ?n { ?s e:next ?o { SELECT ?o (COUNT(*) AS ?n) { ?x e:next ?o } GROUP BY ?o } }",
    "SELECT ?s ?o { { SELECT DISTINCT ?s { ?s e:next ?x } ORDER BY ?s LIMIT 2 } ?s e:next ?o }",
    "SELECT ?last { { SELECT (MAX(?t) AS ?last) { ?a prov:endedAtTime ?t } } }",
    "SELECT ?r ?a ?t { { SELECT ?r (MAX(?u) AS ?t) { ?x segb:wasPerformedBy ?r ; prov:startedAtTime ?u } GROUP BY ?r } \
        ?a segb:wasPerformedBy ?r ; prov:startedAtTime ?t }",
    // Aggregates.
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT ?s) AS ?s_) (COUNT(DISTINCT ?p) AS ?p_) (COUNT(DISTINCT ?o) AS ?o_) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT *) AS ?n) { ?s ?p ?o }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT ?t (COUNT(?s) AS ?n) { ?s a ?t } GROUP BY ?t HAVING (COUNT(?s) > 100)",
    "SELECT ?r (COUNT(DISTINCT ?h) AS ?people) { ?a segb:wasPerformedBy ?r ; oro:hasSpeaker ?h } GROUP BY ?r",
    "SELECT ?c (COUNT(*) AS ?n) (AVG(?i) AS ?avg) (MIN(?i) AS ?min) (MAX(?i) AS ?max) (SUM(?i) AS ?sum) \
        { ?e onyx:hasEmotionCategory ?c ; onyx:hasEmotionIntensity ?i } GROUP BY ?c",
    "SELECT (SUM(?x) AS ?n) (AVG(?x) AS ?m) (MIN(?x) AS ?a) (MAX(?x) AS ?b) (COUNT(?x) AS ?c) (SAMPLE(?x) AS ?d) { ?s e:nothing ?x }",
    "SELECT (SUM(?v) AS ?sum) { e:big e:value ?v FILTER(?v < 1) }",
    "SELECT (SUM(?v) AS ?sum) { e:n3 e:value ?v }",
    "SELECT (SUM(?c) AS ?sum) (AVG(?c) AS ?avg) { ?e onyx:algorithmConfidence ?c }",
    "SELECT ?s (GROUP_CONCAT(?n; SEPARATOR=', ') AS ?names) { { SELECT ?s ?n { ?s schema:name ?n } ORDER BY ?s ?n } } GROUP BY ?s",
    "SELECT (GROUP_CONCAT(DISTINCT ?x) AS ?all) { VALUES ?x { 'a' 'b' 'a' } }",
    "SELECT ?minute (COUNT(?a) AS ?n) { ?a prov:startedAtTime ?t } GROUP BY (MINUTES(?t) AS ?minute)",
    "SELECT ?even (SUM(?k) AS ?n) { VALUES ?k { 1 2 3 4 } BIND(?k / 2 = FLOOR(?k / 2) AS ?even) } GROUP BY ?even HAVING (SUM(?k) > 1)",
    "SELECT (MIN(?t) AS ?first) (MAX(?t) AS ?last) { ?s prov:startedAtTime ?t }",
    "SELECT (COUNT(?x) AS ?n) { ?s e:next ?o OPTIONAL { ?s e:other ?x } }",
    // Filters and operators.
    "SELECT ?s ?v { ?s e:value ?v FILTER(?v = 1) }",
    "SELECT ?s ?v { ?s e:value ?v FILTER(?v != 1) }",
    "SELECT ?s ?v { ?s e:value ?v FILTER(?v < 2) }",
    "SELECT ?s ?v { ?s e:value ?v FILTER(?v >= 2.5) }",
    "SELECT ?v { ?s e:value ?v FILTER(sameTerm(?v, 1)) }",
    "SELECT ?v { ?s e:value ?v FILTER(?v) }",
    "SELECT ?v { ?s e:value ?v FILTER(!?v) }",
    "SELECT ?v { ?s e:value ?v FILTER(isNumeric(?v)) }",
    "SELECT ?v (?v + 1 AS ?a) (?v * 2 AS ?b) (-?v AS ?c) (?v / 3 AS ?d) { ?s e:value ?v }",
    "SELECT ?a ?b { e:n1 e:value ?a . e:n1 e:value ?b FILTER(?a = ?b && !sameTerm(?a, ?b)) }",
    "SELECT ?v { ?s e:value ?v FILTER(?v IN (1, 2.5, '1')) }",
    "SELECT ?v { ?s e:value ?v FILTER(?v NOT IN (1, 2.5)) }",
    "SELECT ?s { ?s e:next ?o FILTER(?s IN ()) }",
    "SELECT ?s { ?s e:next ?o FILTER(?unbound || true) }",
    "SELECT ?s { ?s e:next ?o FILTER(?unbound && true) }",
    "SELECT ?o { e:d1 e:at ?o FILTER(?o = '2026-03-01T10:00:00Z'^^xsd:dateTime) }",
    "SELECT ?o { e:d1 e:at ?o FILTER(?o < '2026-03-01T10:00:00Z'^^xsd:dateTime) }",
    "SELECT ?a ?b { e:d2 e:on ?a , ?b FILTER(?a < ?b) }",
    "SELECT ?a ?b { e:d2 e:lasts ?a , ?b FILTER(?a = ?b && STR(?a) < STR(?b)) }",
    "SELECT ?x (BOUND(?y) AS ?z) { ?x e:next ?o OPTIONAL { ?x e:other ?y } }",
    "SELECT ?v (DATATYPE(?v) AS ?d) (STR(?v) AS ?t) (isLiteral(?v) AS ?l) { ?s e:value ?v }",
    "SELECT ?o (isIRI(?o) AS ?i) (isBlank(?o) AS ?b) (isURI(?o) AS ?u) { ?s e:items|e:next ?o }",
    "SELECT ?v (IF(?v > 1, 'more', 'less') AS ?x) (COALESCE(xsd:integer(?v), -1) AS ?y) { ?s e:value ?v }",
    // Languages.
    "SELECT ?s { ?s e:label 'color'@EN }",
    "SELECT ?s { ?s e:label 'colour'@en-gb }",
    "SELECT ?s { ?s e:label 'couleur'@fr }",
    "SELECT ?l (LANG(?l) AS ?tag) { e:l1 e:label ?l }",
    "SELECT ?l { e:l1 e:label ?l FILTER(LANGMATCHES(LANG(?l), 'EN')) }",
    "SELECT ?l { e:l1 e:label ?l FILTER(LANGMATCHES(LANG(?l), '*')) }",
    "SELECT ?l { e:l1 e:label ?l FILTER(LANG(?l) = '') }",
    "SELECT ?l { ?s e:label ?l FILTER(?l = 'color'@EN) }",
    "SELECT (STRLANG('a', 'EN-gb') AS ?x) (STRDT('1', xsd:byte) AS ?y) ('a'@EN = 'a'@en AS ?z) { }",
    // Strings.
    "SELECT ?l (STRLEN(?l) AS ?n) (UCASE(?l) AS ?u) (LCASE(?l) AS ?d) { e:l2 e:label ?l }",
    "SELECT ?l (SUBSTR(?l, 2) AS ?a) (SUBSTR(?l, 1, 3) AS ?b) (ENCODE_FOR_URI(?l) AS ?c) { ?s e:label ?l }",
    "SELECT ?l (STRBEFORE(?l, 'o') AS ?a) (STRAFTER(?l, 'o') AS ?b) { e:l1 e:label ?l }",
    "SELECT ?l { ?s e:label ?l FILTER(STRSTARTS(?l, 'co') && STRENDS(?l, 'r') && CONTAINS(?l, 'l')) }",
    "SELECT ?l { ?s e:label ?l FILTER(REGEX(?l, '^CO.*R$', 'i')) }",
    "SELECT ?l { ?s e:label ?l FILTER(REGEX(?l, 'a.b', 's')) }",
    "SELECT ?l { ?s e:label ?l FILTER(REGEX(?l, 'q\"q\\\\', 'q')) }",
    "SELECT (REPLACE(?l, '([aeiou])', '<$1>') AS ?x) { e:l1 e:label ?l }",
    "SELECT (REPLACE('abcABC', 'b', 'x', 'i') AS ?x) (CONCAT('a', 'b'@en) AS ?y) (CONCAT('a'@en, 'b'@en) AS ?z) { }",
    "SELECT (MD5('a') AS ?a) (SHA1('a') AS ?b) (SHA256('a') AS ?c) (SHA384('a') AS ?d) (SHA512('é') AS ?f) { }",
    "SELECT ?m { ?m schema:text ?t FILTER(CONTAINS(?t, 'number 11?')) }",
    "SELECT (IRI('http://e.org/x') AS ?a) (URI('urn:y') AS ?b) (STR(e:a) AS ?c) (isIRI(UUID()) AS ?d) (STRLEN(STRUUID()) AS ?f) { }",
    "SELECT ('a\\tb\\n\\\"c\\\\' AS ?x) (\"\"\"long\n'\"string\"\"\" AS ?y) ('\\u00e9\\U0001F600' AS ?z) { }",
    // Numbers and dates.
    "SELECT (ABS(-1.5) AS ?a) (ROUND(2.5) AS ?b) (CEIL(1.2) AS ?c) (FLOOR(-1.2) AS ?d) (ROUND(-2.5e0) AS ?f) (1/3 AS ?g) { }",
    "SELECT (1 + 1.0 AS ?a) (1 + 1e0 AS ?b) (10 / 4 AS ?c) (7 - 2 * 3 AS ?d) (-(-3) AS ?f) (1e0/0 AS ?g) (1/0 AS ?h) { }",
    "SELECT (0.1 + 0.2 = 0.3 AS ?exact) (0.1e0 + 0.2e0 = 0.3e0 AS ?binary) (9223372036854775807 + 1 AS ?overflow) { }",
    "SELECT ?t (YEAR(?t) AS ?y) (MONTH(?t) AS ?m) (DAY(?t) AS ?d) (HOURS(?t) AS ?h) (MINUTES(?t) AS ?n) (SECONDS(?t) AS ?s) \
        (TIMEZONE(?t) AS ?z) (TZ(?t) AS ?tz) { e:d1 e:at ?t }",
    "SELECT (DATATYPE(NOW()) AS ?t) (RAND() < 1 AS ?r) { }",
    "SELECT ?a (?end - ?start AS ?took) { ?a a onyx:EmotionAnalysis ; prov:startedAtTime ?start ; prov:endedAtTime ?end \
        FILTER(SECONDS(?start) < 3) }",
    "SELECT ?a { ?a prov:startedAtTime ?t FILTER(?t >= '2026-03-01T00:01:00Z'^^xsd:dateTime && ?t < '2026-03-01T00:01:05Z'^^xsd:dateTime) }",
    // Casts.
    "SELECT ?v (xsd:integer(?v) AS ?i) (xsd:decimal(?v) AS ?d) (xsd:double(?v) AS ?x) (xsd:float(?v) AS ?f) \
        (xsd:boolean(?v) AS ?b) (xsd:string(?v) AS ?s) { ?n e:value ?v }",
    "SELECT (xsd:dateTime('2026-03-01T10:00:00Z') AS ?a) (xsd:date('2026-03-01') AS ?b) (xsd:integer('x') AS ?c) \
        (xsd:boolean('1') AS ?d) (xsd:integer(true) AS ?f) (xsd:string(e:a) AS ?g) { }",
    // DISTINCT, and ways of writing.
    "SELECT DISTINCT ?p { ?s ?p ?o }",
    "SELECT DISTINCT ?r ?n { ?r a oro:Robot ; schema:name ?n }",
    "SELECT DISTINCT ?t { ?s a/a? ?t }",
    "# a comment with { and '\nSELECT ?s # another <\n{ ?s e:next e:a } # the end",
    "PREFIX p: <http://e.org/>SELECT ?s WHERE{?s p:next p:a.}",
    "BASE <http://e.org/> PREFIX : <> SELECT ?s { ?s :next <a> }",
    "select ?S where { ?S e:next ?o filter(?S = e:a) }",
    "SELECT $s { $s e:next ?o . FILTER($s = e:a) }",
    "SELECT ?s {{{ ?s e:next e:a }}}",
];

/// SELECT whose rows come in one order.
pub const ORDERED: &[&str] = &[
    "SELECT ?s ?o { ?s e:next ?o } ORDER BY ?s ?o",
    "SELECT ?s ?o { ?s e:next ?o } ORDER BY DESC(?s) ASC(?o)",
    "SELECT ?v { ?s e:value ?v FILTER(isNumeric(?v)) } ORDER BY ?v STR(?v) STR(DATATYPE(?v)) LIMIT 7",
    "SELECT ?o { e:d1 e:at ?o FILTER(STRENDS(STR(?o), 'Z')) } ORDER BY ?o",
    "SELECT ?l { ?s e:label ?l FILTER(LANG(?l) = '') } ORDER BY ?l",
    "SELECT ?t ?a { ?a prov:startedAtTime ?t } ORDER BY DESC(?t) LIMIT 10",
    "SELECT ?t ?a { ?a prov:startedAtTime ?t } ORDER BY ?t OFFSET 350",
    "SELECT ?t ?a { ?a prov:startedAtTime ?t } ORDER BY ?t LIMIT 5 OFFSET 100",
    "SELECT ?t { ?a prov:startedAtTime ?t } ORDER BY ?t LIMIT 0",
    "SELECT DISTINCT ?c { ?e onyx:hasEmotionCategory ?c } ORDER BY ?c",
    "SELECT ?r (COUNT(*) AS ?n) { ?a segb:wasPerformedBy ?r } GROUP BY ?r ORDER BY DESC(?n) ?r",
    "SELECT ?s ?x { ?s e:next ?o OPTIONAL { ?s e:other ?x } } ORDER BY ?x ?s ?o",
    "SELECT ?n { ?m schema:text ?t BIND(xsd:integer(REPLACE(?t, '[^0-9]', '')) AS ?n) } ORDER BY DESC(?n) LIMIT 20",
    "SELECT ?s { { ?s e:next ?o } UNION { ?s e:edge ?o } } ORDER BY STRLEN(STR(?s)) DESC(STR(?s)) ?o",
    "SELECT REDUCED ?s { ?s e:next ?o } ORDER BY ?s",
    "SELECT ?i ?set { ?set onyx:hasEmotion/onyx:hasEmotionIntensity ?i } ORDER BY DESC(?i) ?set LIMIT 12",
];

/// SELECT over the graphs of single logs; the union is not among them, and has no name.
pub const NAMED: &[&str] = &[
    "SELECT ?s ?p ?o { GRAPH <log:0> { ?s ?p ?o } }",
    "SELECT ?p ?o { GRAPH <log:3> { ex:robot3 ?p ?o } }",
    "SELECT * { GRAPH <urn:segb:log:none> { ?s ?p ?o } }",
    "SELECT * { GRAPH e:a { ?s ?p ?o } }",
    "SELECT ?g { GRAPH ?g { } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?g { GRAPH ?g { ex:i17listen a segb:LoggedActivity } }",
    "SELECT ?g ?n { GRAPH ?g { ex:robot1 schema:name ?n } }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g ?h { GRAPH ?g { ex:human1 a ?t } GRAPH ?h { ex:human1 a ?t } FILTER(STR(?g) < STR(?h)) }",
    "SELECT ?g { GRAPH ?g { ex:i3answer segb:triggeredByActivity+ ex:i3listen } }",
    "SELECT ?g ?x { GRAPH ?g { e:e1 e:edge* ?x } }",
    "SELECT ?g ?y { GRAPH ?g { e:a e:next? ?y } } ",
    "SELECT ?s { GRAPH <log:120> { ?s e:next+ ?s } }",
    "SELECT ?g ?n { ?r a oro:Robot ; schema:name ?n . GRAPH ?g { ?r a oro:Robot } } ",
    "SELECT ?s { ?s e:next ?o FILTER NOT EXISTS { GRAPH <log:0> { ?s ?p ?o } } }",
    "SELECT ?g { GRAPH ?g { ?s e:next e:a MINUS { ?s e:other ?o } } }",
    "SELECT ?g ?c { GRAPH ?g { { SELECT (COUNT(*) AS ?c) { ?x e:next ?y } } } FILTER(?c > 0) }",
    "SELECT ?a ?n { VALUES ?g { <log:1> <log:2> <urn:x> } GRAPH ?g { ?a segb:wasPerformedBy/schema:name ?n } }",
    "SELECT ?g { BIND(<log:5> AS ?g) GRAPH ?g { ?s a oro:Robot } }",
    "SELECT ?g ?o { GRAPH ?g { ?s oa:hasTarget ?o } GRAPH ?g { ?o a foaf:Person } }",
    // FROM and FROM NAMED.
    "SELECT * FROM <log:1> { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM <log:1> FROM <log:8> FROM <log:15> { ?s ?p ?o }",
    "SELECT ?n FROM <log:1> FROM <log:8> { ex:robot1 schema:name ?n }",
    "SELECT ?x FROM <log:2> FROM <log:2> { ?x a oro:Robot }",
    "SELECT * FROM <urn:nothing> { ?s ?p ?o }",
    "SELECT * FROM <log:1> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g ?s FROM NAMED <log:1> { GRAPH ?g { ?s a oro:Robot } }",
    "SELECT ?s ?p FROM NAMED <log:1> { ?s ?p ?o }",
    "SELECT ?g ?s FROM NAMED <log:1> FROM NAMED <log:2> FROM NAMED <log:1> { GRAPH ?g { ?s a oro:Robot } }",
    "SELECT ?s ?g ?n FROM <log:1> FROM NAMED <log:8> { ?s a oro:Robot GRAPH ?g { ?s schema:name ?n } }",
    "SELECT ?s FROM NAMED <log:1> { GRAPH <log:2> { ?s ?p ?o } }",
    "SELECT ?x FROM <log:1> FROM <log:120> { ?x e:next+ e:a }",
    "SELECT ?x ?y FROM <log:4> { ?x segb:triggeredByActivity* ?y }",
];

/// SELECT that names the union by its IRI, which means what the default graph means.
pub const UNION_BY_NAME: &[&str] = &[
    "SELECT * { GRAPH <http://amor-segb/events> { ?s e:next ?o } }",
    "SELECT (COUNT(*) AS ?n) { GRAPH <http://amor-segb/events> { ?s ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) FROM <http://amor-segb/events> { ?s ?p ?o }",
    "SELECT ?x { GRAPH <http://amor-segb/events> { e:z e:next+ ?x } }",
    "SELECT ?n FROM <http://amor-segb/events> FROM <log:1> { ex:robot1 schema:name ?n }",
    "SELECT ?g ?s FROM <http://amor-segb/events> FROM NAMED <log:1> { ?s e:next e:a GRAPH ?g { ?r a oro:Robot } }",
    "SELECT ?g ?s FROM NAMED <http://amor-segb/events> { GRAPH ?g { ?s e:next e:a } }",
    "SELECT ?g ?s FROM NAMED <http://amor-segb/events> FROM NAMED <log:120> { GRAPH ?g { ?s e:next e:a } }",
    "SELECT ?s FROM NAMED <http://amor-segb/events> { GRAPH <http://amor-segb/events> { ?s e:next e:a } }",
    "SELECT ?s ?t { VALUES ?g { <http://amor-segb/events> <log:120> } GRAPH ?g { ?s e:next e:a } GRAPH <log:0> { ex:robot0 a ?t } }",
    "SELECT ?l { <http://amor-segb/events> e:label ?l }",
    "SELECT ?s { ?s e:label ?l FILTER(?s = <http://amor-segb/events>) }",
    "SELECT ?s { GRAPH <http://amor-segb/events> { ?s e:next ?o OPTIONAL { ?s e:other ?x } FILTER EXISTS { ?o e:next ?s } } }",
    "SELECT ?o { GRAPH <http://amor-segb/events> { <http://amor-segb/events> e:label ?o } }",
    "SELECT ?s FROM <log:0> { GRAPH <http://amor-segb/events> { ?s e:next ?o } }",
];

pub const BOOLEANS: &[&str] = &[
    "ASK { e:a e:next e:b }",
    "ASK { e:a e:next e:a }",
    "ASK { e:a e:next+ e:a }",
    "ASK { }",
    "ASK { ?s a oro:Robot FILTER NOT EXISTS { ?s schema:name ?n } }",
    "ASK { GRAPH <log:120> { ?s a oro:Robot } }",
    "ASK FROM <log:120> { ?s e:next e:a }",
    "ASK { ?s e:value ?v FILTER(?v > 1e300) }",
    "ASK { ?s e:label 'COULEUR'@fr }",
    "ASK { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } FILTER(?n > 4000) }",
];

pub const GRAPHS: &[&str] = &[
    "CONSTRUCT WHERE { ?s e:next ?o }",
    "CONSTRUCT WHERE { ?set onyx:hasEmotion ?e . ?e onyx:hasEmotionIntensity ?i }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?o e:before ?s } WHERE { ?s e:next ?o }",
    "CONSTRUCT { ?s e:has [ e:label ?l ; e:of ?s ] } WHERE { ?s e:label ?l }",
    "CONSTRUCT { _:b e:same _:b ; e:of ?s } WHERE { ?s e:edge ?o }",
    "CONSTRUCT { ?s e:list ( ?o 'x' ) } WHERE { ?s e:edge ?o }",
    "CONSTRUCT { ?v e:wrong ?s . ?s e:right ?v . ?s ?v e:wrong } WHERE { ?s e:value ?v }",
    "CONSTRUCT { ?s e:maybe ?x } WHERE { ?s e:next ?o OPTIONAL { ?s e:other ?x } }",
    "CONSTRUCT { e:fixed e:p 1 } WHERE { ?s e:next ?o }",
    "CONSTRUCT { } WHERE { ?s e:next ?o }",
    "CONSTRUCT { ?s a e:Thing } WHERE { ?s e:next ?o } ORDER BY ?s LIMIT 2",
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <log:120> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } FROM <log:9> WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?g e:says ?n } WHERE { GRAPH ?g { ?r a oro:Robot ; schema:name ?n } }",
    "CONSTRUCT { [] e:next _:y . _:y e:n ?n } WHERE { VALUES ?n { 1 2 3 } }",
    "CONSTRUCT { ?x e:knows ?y } WHERE { ?x e:knows ?y }",
    "DESCRIBE e:a",
    "DESCRIBE e:a e:list",
    "DESCRIBE ?s { ?s e:next e:a }",
    "DESCRIBE ex:i7set",
    "DESCRIBE e:nobody",
    "DESCRIBE * { e:a e:next ?x . ?x e:next ?y }",
    "DESCRIBE e:a FROM <log:0>",
];
