//! The grammar of Turtle 1.1, production by production: what it allows is stored and means what another parser says,
//! what it does not allow is refused with a place, and nothing of it is stored.

use oxigraph::io::RdfFormat;
use segb_tests::ServerBuilder;

use super::rdf;

/// Documents with at least one triple.
const VALID: &[&str] = &[
    // [1] turtleDoc, [2] statement, white space and comments.
    "<urn:a><urn:b><urn:c>.",
    "  \t\r\n <urn:a>\t<urn:b>\r\n<urn:c> \r .  ",
    "# first\n<urn:a> # subject\n<urn:b> # predicate\n<urn:c> . # end",
    "<urn:a> <urn:b> <urn:c> . #",
    "<urn:a#x> <urn:b> \"# no comment\" . # comment\r<urn:a> <urn:b> 2 .",
    "<urn:a> <urn:b> <urn:c>.<urn:a> <urn:b> <urn:d>.",
    // [3] to [6s] directives.
    "@prefix e: <http://e.org/> . e:a e:b e:c .",
    "@prefix : <http://e.org/> . :a :b :c .",
    "@prefix e:<http://e.org/>.e:a e:b e:c.",
    "PREFIX e: <http://e.org/> e:a e:b e:c .",
    "prefix e: <http://e.org/> pReFiX f: <http://f.org/> e:a f:b e:c .",
    "@prefix e: <http://e.org/> . e:a e:b e:c . @prefix e: <http://f.org/> . e:a e:b e:c .",
    "@prefix e: <http://e.org/> . @prefix f: <http://e.org/x#> . f:a f:b e:c .",
    "@base <http://e.org/dir/> . <a> <#b> <../c> .",
    "BASE <http://e.org/> <a> <b> <c> .",
    "bAsE <http://e.org/> <> <?q> <//f.org/x> .",
    "@base <http://e.org/a/b> . @base <c/d> . <e> <f> </g> .",
    "@base <http://e.org/> . @prefix e: <x#> . e:a e:b e:c .",
    "@base <http://e.org/> . <a> <b> <c> . @base <http://f.org/> . <a> <b> <c> .",
    // [6] triples, [7] predicateObjectList, [8] objectList, [9] verb.
    "<urn:a> <urn:b> <urn:c> , <urn:d> , \"e\" .",
    "<urn:a> <urn:b> <urn:c> ; <urn:d> <urn:e> .",
    "<urn:a> <urn:b> <urn:c> ; .",
    "<urn:a> <urn:b> <urn:c> ;;; <urn:d> <urn:e> ;; .",
    "<urn:a> a <urn:c> .",
    "<urn:a> a <urn:c>, <urn:d> ; a <urn:e> .",
    "@prefix a: <http://e.org/> . a:a a a:a .",
    "<urn:a> <urn:b> <urn:c> , <urn:c> .",
    // [10] to [12] terms in their places, [14] blankNodePropertyList, [15] collection.
    "[] <urn:b> [] .",
    "[ ] <urn:b> [\n] .",
    "[ <urn:p> <urn:o> ] .",
    "[ <urn:p> <urn:o> ; <urn:q> [ a <urn:C> ] ] <urn:b> <urn:c> .",
    "[ <urn:p> 1 , 2 ; ] <urn:b> [ <urn:p> 1 , 2 ; ] .",
    "<urn:a> <urn:b> () .",
    "() <urn:b> ( ) .",
    "( <urn:x> \"y\" 3 ) <urn:b> ( ( ( ) ) [ ] ( 1 ) ) .",
    "( [ <urn:p> ( 1 ) ] ) <urn:b> true .",
    // [13] and [133s] literals, [16] to [21] numbers, [128s].
    "<urn:a> <urn:b> 0 , 1 , -1 , +1 , 007 .",
    "<urn:a> <urn:b> 1.0 , .5 , -.5 , +0.0 , 00.10 .",
    "<urn:a> <urn:b> 1e0 , 1E0 , 1.5e-3 , 1.e+3 , .5e1 , -1.0E10 .",
    "<urn:a> <urn:b> 1.",
    "<urn:a> <urn:b> 1.5.",
    "<urn:a> <urn:b> true , false .",
    "<urn:a> <urn:b> true.",
    "<urn:a> <urn:b> \"x\"^^<urn:type> .",
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . <urn:a> <urn:b> \"01\"^^xsd:integer , 'x'^^xsd:string .",
    "<urn:a> <urn:b> \"x\"@en , 'x'@en-GB , \"\"\"x\"\"\"@zh-Hant-TW , '''x'''@x-1-a .",
    // [22] to [25] strings, [26] UCHAR, [159s] ECHAR.
    "<urn:a> <urn:b> \"\" , '' , \"\"\"\"\"\" , '''''' .",
    "<urn:a> <urn:b> \"it's\" , 'say \"x\"' .",
    "<urn:a> <urn:b> \"\"\"a \"quote\" and \"\"two\"\" inside\"\"\" .",
    "<urn:a> <urn:b> '''a 'quote' and ''two'' inside''' .",
    "<urn:a> <urn:b> \"\"\"line\none\r\ntwo\rthree\"\"\" , '''\n''' .",
    "<urn:a> <urn:b> \"\\t\\b\\n\\r\\f\\\"\\'\\\\\" , '''\\t\\b\\n\\r\\f\\\"\\'\\\\''' .",
    "<urn:a> <urn:b> \"\\u0041\\u00e9\\u00E9\\U0001F600\\u0000\" .",
    "<urn:a> <urn:b> \"\"\"\\\"\"\"\" , '''\\'''' .",
    "<urn:a> <urn:b> \"\u{1}\u{1F}\u{7F}\u{80}\u{FFFE}\u{10FFFF}\" .",
    "<urn:a> <urn:b> \"tab\there\" .",
    // A quote in a string of three, before all kinds of characters.
    "<urn:a> <urn:b> \"\"\"say \"él\", \"𝄞\", \"\\n\"\\u00e9\"\\\\\"\n\"\r\n\"\" x\"\"\" .",
    "<urn:a> <urn:b> ''''é' x''' , '''''\\'''' , ''''\n''' .",
    "<urn:a> <urn:b> \"\"\"\"\u{2028}\"\u{1F600}\"\"\\\"\"\"\"@es .",
    // [18] IRIREF.
    "<urn:\\u0061> <urn:\\U00000062> <urn:é\u{1F600}> .",
    "<http://e.org/a,b;c(d)'e!$&*+=:@~%20?q#f> <urn:b> <http://e.org/.> .",
    // [135s] to [137s], [139s] to [141s] names; [163s] to [172s] their characters.
    "@prefix e: <http://e.org/> . e: e: e: .",
    "@prefix e: <http://e.org/> . e:a.b e:a-b e:a_b .",
    "@prefix e: <http://e.org/> . e:1 e:1a e:_a .",
    "@prefix e: <http://e.org/> . e:a:b e::a e:: .",
    "@prefix e: <http://e.org/> . e:%41%c3%A9 e:b e:c .",
    "@prefix e: <http://e.org/> . e:\\~\\.\\-\\!\\$\\&\\'\\(\\)\\*\\+\\,\\;\\=\\/\\?\\#\\@\\%41\\_ e:b e:c .",
    "@prefix e: <http://e.org/> . e:a e:b e:c.<urn:a> e:b e:f.",
    "@prefix é: <http://e.org/> . @prefix a.b: <http://f.org/> . @prefix a-b: <http://g.org/> . é:日本 a.b:a· a-b:e\u{301} .",
    "@prefix e: <http://e.org/> . e:\u{10000} e:\u{EFFFD} e:a\u{B7}b .",
    "@prefix true: <http://e.org/> . true:true true:false true .",
    "@prefix prefix: <http://e.org/> . prefix:base prefix:a prefix:prefix .",
    // [141s] BLANK_NODE_LABEL.
    "_:a <urn:b> _:a .",
    "_:1 <urn:b> _:a.b , _:a-b , _:a_b , _:é , _:_ .",
    "_:a <urn:b> _:b.",
    "_:a<urn:b>_:b.[]<urn:b>_:a.",
];

/// Documents that are no Turtle 1.1, or that have what no log may have.
const INVALID: &[&str] = &[
    // Statements.
    "<urn:a> <urn:b> <urn:c>",
    "<urn:a> <urn:b> .",
    "<urn:a> <urn:b>",
    "<urn:a> .",
    "<urn:a>",
    ".",
    "<urn:a> <urn:b> <urn:c> . .",
    "<urn:a> <urn:b> <urn:c> <urn:d> .",
    "<urn:a> <urn:b> <urn:c> , .",
    "<urn:a> <urn:b> , <urn:c> .",
    "<urn:a> <urn:b> ; <urn:c> <urn:d> .",
    "<urn:a> ; <urn:b> <urn:c> .",
    "<urn:a> <urn:b> <urn:c> ; <urn:d> .",
    "<urn:a> <urn:b> <urn:c> \u{A0}.",
    "{ <urn:a> <urn:b> <urn:c> . }",
    "<urn:g> { <urn:a> <urn:b> <urn:c> . }",
    "<urn:a> <urn:b> <urn:c> . // no comment",
    "<urn:a> = <urn:c> .",
    "<urn:a> => <urn:c> .",
    "<urn:a> is <urn:b> of <urn:c> .",
    "<urn:a>/<urn:x> <urn:b> <urn:c> .",
    // Terms in the wrong place.
    "\"a\" <urn:b> <urn:c> .",
    "1 <urn:b> <urn:c> .",
    "true <urn:b> <urn:c> .",
    "<urn:a> \"b\" <urn:c> .",
    "<urn:a> _:b <urn:c> .",
    "<urn:a> [] <urn:c> .",
    "<urn:a> () <urn:c> .",
    "a <urn:b> <urn:c> .",
    "<urn:a> <urn:b> a .",
    "<urn:a> A <urn:c> .",
    "?a <urn:b> <urn:c> .",
    // Directives.
    "@prefix e: <http://e.org/> e:a e:b e:c .",
    "@prefix e <http://e.org/> . <urn:a> <urn:b> <urn:c> .",
    "@prefix <http://e.org/> . <urn:a> <urn:b> <urn:c> .",
    "@prefix e: e:a . <urn:a> <urn:b> <urn:c> .",
    "@PREFIX e: <http://e.org/> . e:a e:b e:c .",
    "PREFIX e: <http://e.org/> . e:a e:b e:c .",
    "@Base <http://e.org/> . <a> <b> <c> .",
    "BASE <http://e.org/> . <a> <b> <c> .",
    "@base <http://e.org/> <a> <b> <c> .",
    "@prefix e.: <http://e.org/> . e.:a e.:b e.:c .",
    "@prefix 1: <http://e.org/> . <urn:a> <urn:b> <urn:c> .",
    "@prefix _: <http://e.org/> . <urn:a> <urn:b> <urn:c> .",
    "@prefix -a: <http://e.org/> . <urn:a> <urn:b> <urn:c> .",
    "@forAll <urn:a> . <urn:a> <urn:b> <urn:c> .",
    "e:a <urn:b> <urn:c> .",
    ":a <urn:b> <urn:c> .",
    // IRIs.
    "<a> <urn:b> <urn:c> .",
    "<> <urn:b> <urn:c> .",
    "<urn:a b> <urn:b> <urn:c> .",
    "<urn:a\n> <urn:b> <urn:c> .",
    "<urn:a{b}> <urn:b> <urn:c> .",
    "<urn:a|b> <urn:b> <urn:c> .",
    "<urn:a^b> <urn:b> <urn:c> .",
    "<urn:a`b> <urn:b> <urn:c> .",
    "<urn:a\"b> <urn:b> <urn:c> .",
    "<urn:a\\b> <urn:b> <urn:c> .",
    "<urn:a\\n> <urn:b> <urn:c> .",
    "<urn:a\\u0020b> <urn:b> <urn:c> .",
    "<urn:a\\u003Cb> <urn:b> <urn:c> .",
    "<urn:a\\u00ZZ> <urn:b> <urn:c> .",
    "<urn:a\\uD83D\\uDE00> <urn:b> <urn:c> .",
    "<urn:a <urn:b> <urn:c> .",
    "<http://e.org/%zz> <urn:b> <urn:c> .",
    "<http://e.org:port/> <urn:b> <urn:c> .",
    "<:a> <urn:b> <urn:c> .",
    "@prefix e: <relative> . e:a <urn:b> <urn:c> .",
    "@base <relative> . <a> <b> <c> .",
    // Names.
    "@prefix e: <http://e.org/> . e:a. e:b e:c .",
    "@prefix e: <http://e.org/> . e:a e:b e:c. .",
    "@prefix e: <http://e.org/> . e:-a e:b e:c .",
    "@prefix e: <http://e.org/> . e:.a e:b e:c .",
    "@prefix e: <http://e.org/> . e:a/b e:b e:c .",
    "@prefix e: <http://e.org/> . e:a#b e:b e:c .",
    "@prefix e: <http://e.org/> . e:%4 e:b e:c .",
    "@prefix e: <http://e.org/> . e:%zz e:b e:c .",
    "@prefix e: <http://e.org/> . e:a\\b e:b e:c .",
    "@prefix e: <http://e.org/> . e:\\u0061 e:b e:c .",
    "@prefix e: <http://e.org/> . E:a e:b e:c .",
    "@prefix e: <http://e.org/> . e :a e:b e:c .",
    // A name is as long as it can be, and a dot or a colon can be in its middle.
    "@prefix e: <http://e.org/> . e:a e:b e:c.e:d e:b e:f.",
    "_:a<urn:b>_:b._:b<urn:b>_:a.",
    // Names that make no IRI.
    "@prefix e: <http://e.org/> . e:\u{EFFFF} e:b e:c .",
    "@prefix e: <http://e.org:> . e:port <urn:b> <urn:c> .",
    "_: <urn:b> <urn:c> .",
    "_:-a <urn:b> <urn:c> .",
    "_:.a <urn:b> <urn:c> .",
    "_:a:b <urn:b> <urn:c> .",
    "_ :a <urn:b> <urn:c> .",
    // Literals.
    "<urn:a> <urn:b> \"c .",
    "<urn:a> <urn:b> 'c\" .",
    "<urn:a> <urn:b> \"a\nb\" .",
    "<urn:a> <urn:b> 'a\rb' .",
    "<urn:a> <urn:b> \"\"\"c .",
    "<urn:a> <urn:b> \"\"\"c\"\" .",
    "<urn:a> <urn:b> \"\\x\" .",
    "<urn:a> <urn:b> \"\\u004\" .",
    "<urn:a> <urn:b> \"\\U00110000\" .",
    "<urn:a> <urn:b> \"\\uD800\" .",
    "<urn:a> <urn:b> \"\\u00é0\" .",
    "<urn:a> <urn:b> \"\\U0001F60é\" .",
    "<urn:a> <urn:b> \"\\u+041\" .",
    "<urn:a> <urn:b> \"\\",
    "<urn:a> <urn:b> '''\\",
    "<urn:a\\",
    "<urn:a\\u00é0> <urn:b> <urn:c> .",
    "<urn:a> <urn:b> \"c\"@ .",
    "<urn:a> <urn:b> \"c\"@1 .",
    "<urn:a> <urn:b> \"c\"@en_GB .",
    "<urn:a> <urn:b> \"c\"@en- .",
    "<urn:a> <urn:b> \"c\"@en GB .",
    "<urn:a> <urn:b> \"c\"^^ .",
    "<urn:a> <urn:b> \"c\"^^\"d\" .",
    "<urn:a> <urn:b> \"c\"^^_:d .",
    "<urn:a> <urn:b> \"c\"^<urn:d> .",
    "<urn:a> <urn:b> \"c\"@en^^<urn:d> .",
    "<urn:a> <urn:b> 1^^<urn:d> .",
    "<urn:a> <urn:b> \"a\" \"b\" .",
    "<urn:a> <urn:b> TRUE .",
    "<urn:a> <urn:b> truefalse .",
    "<urn:a> <urn:b> 1e .",
    "<urn:a> <urn:b> . e1 .",
    "<urn:a> <urn:b> +-1 .",
    "<urn:a> <urn:b> 1.2.3 .",
    "<urn:a> <urn:b> 0x10 .",
    "<urn:a> <urn:b> NaN .",
    "<urn:a> <urn:b> + .",
    // Brackets.
    "[ <urn:p> <urn:o> <urn:b> <urn:c> .",
    "<urn:p> <urn:o> ] <urn:b> <urn:c> .",
    "[] .",
    "() .",
    "( 1 2 ) .",
    "<urn:a> <urn:b> ( 1 , 2 ) .",
    "<urn:a> <urn:b> ( 1 2 .",
    "<urn:a> <urn:b> ( 1 ] .",
    "<urn:a> <urn:b> [ <urn:p> ] .",
    "<urn:a> <urn:b> [ <urn:o> . ] .",
    // RDF 1.2 and other languages.
    "<< <urn:a> <urn:b> <urn:c> >> <urn:d> <urn:e> .",
    "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .",
    "<urn:a> <urn:b> <urn:c> {| <urn:d> <urn:e> |} .",
    "<urn:a> <urn:b> <urn:c> ~ <urn:d> .",
    "<urn:a> <urn:b> \"c\"@en--ltr .",
    "VERSION \"1.2\" <urn:a> <urn:b> <urn:c> .",
    "@version \"1.2\" . <urn:a> <urn:b> <urn:c> .",
    "<urn:a> <urn:b> <urn:c> . INSERT DATA { <urn:a> <urn:b> <urn:d> }",
    // A good start does not save a bad end.
    "<urn:a> <urn:b> <urn:c> . <urn:a> <urn:b> <urn:d> . oops",
    "<urn:a> <urn:b> <urn:c> . \u{0}",
    "\u{FEFF}\u{FEFF}<urn:a> <urn:b> <urn:c> .",
];

#[test]
fn what_the_grammar_allows_is_stored_and_means_the_same() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let mut wrong = Vec::new();
    for document in VALID {
        let reply =
            client.request("POST", "/ttl").header("Content-Type", "text/turtle").send(document.as_bytes());
        if reply.status != 201 {
            wrong.push(format!("{document:?}: {} {}", reply.status, reply.detail()));
            continue;
        }
        let id = reply.json()["log_id"].as_str().unwrap().to_owned();
        let query = format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <urn:segb:log:{id}> {{ ?s ?p ?o }} }}");
        let stored = rdf::triples(&client.query(&query, "application/n-triples"), RdfFormat::NTriples);
        let expected = rdf::parse(RdfFormat::Turtle, document.as_bytes())
            .unwrap_or_else(|error| panic!("{document:?}: the other parser says {error}"));
        if !rdf::isomorphic(&stored, &expected) {
            wrong.push(format!(
                "{document:?}: {:#?} instead of {:#?}",
                rdf::canonical(&stored),
                rdf::canonical(&expected)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_the_grammar_does_not_allow_is_refused_with_a_place() {
    let server = ServerBuilder::learning().start();
    let client = server.client();
    let mut wrong = Vec::new();
    for document in INVALID {
        let reply =
            client.request("POST", "/ttl").header("Content-Type", "text/turtle").send(document.as_bytes());
        let detail = reply.detail();
        if reply.status != 422 || !detail.starts_with("Invalid Turtle at line ") {
            wrong.push(format!("{document:?}: {} {detail}", reply.status));
        }
        let validation = client.post_json("/ttl/validate", &serde_json::json!({ "ttl_content": document }));
        if validation.json()["syntax_ok"] != false {
            wrong.push(format!("{document:?}: syntax_ok"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(client.select("SELECT * { ?s ?p ?o }").len(), 0);
}

#[test]
fn documents_without_triples_are_refused() {
    let server = ServerBuilder::learning().start();
    for document in ["# nothing", "@prefix e: <http://e.org/> .", "BASE <http://e.org/>", " \n\t "] {
        let reply = server.client().publish(document);
        assert_eq!(reply.status, 422, "{document:?}");
        assert_eq!(reply.detail(), "The Turtle document has no triples.", "{document:?}");
    }
}
