//! Writing the answers of SELECT and ASK.
//!
//! JSON and TSV come from `sparesults`. XML and CSV are written here, because there a carriage return would be read
//! back as a line feed, characters that XML cannot carry would break the document, and an IRI with a comma the row.

use std::io::{self, Write};

use oxrdf::{Literal, Term, Variable};
use sparesults::{QueryResultsFormat, QueryResultsSerializer, WriterSolutionsSerializer};

use super::{SolutionsFormat, failure::Failure, turtle::write_term, xml};
use crate::term::XSD_STRING;

/// What can carry every character.
const SOLUTIONS_ADVICE: &str = "ask for JSON or TSV";
const XML_HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sparql xmlns=\"http://www.w3.org/2005/sparql-results#\">\n<head>";
/// The namespace of result rows that clients of the Python service know (wire contract, section 5).
const TURTLE_HEAD: &str = "@prefix ns: <http://example.org/> .\n";

/// Writes solutions one after the other, in their order.
pub(super) enum SolutionsWriter<W: Write> {
    Library(WriterSolutionsSerializer<W>),
    Turtle { out: W, started: bool },
    Xml { out: W },
    Csv { out: W },
}

impl<W: Write> SolutionsWriter<W> {
    pub(super) fn start(
        format: SolutionsFormat,
        variables: &[Variable],
        mut out: W,
    ) -> Result<Self, Failure> {
        let library = match format {
            SolutionsFormat::Json => QueryResultsFormat::Json,
            SolutionsFormat::Tsv => QueryResultsFormat::Tsv,
            SolutionsFormat::Turtle => return Ok(Self::Turtle { out, started: false }),
            SolutionsFormat::Xml => {
                out.write_all(XML_HEAD.as_bytes())?;
                for variable in variables {
                    write!(out, "<variable name=\"{}\"/>", variable.as_str())?;
                }
                out.write_all(b"</head>\n<results>\n")?;
                return Ok(Self::Xml { out });
            }
            SolutionsFormat::Csv => {
                let names: Vec<&str> = variables.iter().map(Variable::as_str).collect();
                write!(out, "{}\r\n", names.join(","))?;
                return Ok(Self::Csv { out });
            }
        };
        let serializer = QueryResultsSerializer::from_format(library);
        Ok(Self::Library(serializer.serialize_solutions_to_writer(out, variables.to_vec())?))
    }

    /// Writes one solution: each variable of the query with its value.
    pub(super) fn write(&mut self, row: &[(&Variable, Option<&Term>)]) -> Result<(), Failure> {
        let bound = row.iter().filter_map(|(variable, value)| Some((*variable, (*value)?)));
        match self {
            Self::Library(serializer) => Ok(serializer.serialize(bound)?),
            Self::Turtle { out, started } => {
                if !*started {
                    out.write_all(TURTLE_HEAD.as_bytes())?;
                    *started = true;
                }
                write_turtle_row(out, bound)?;
                Ok(())
            }
            Self::Xml { out } => write_xml_row(out, bound),
            Self::Csv { out } => Ok(write_csv_row(out, row)?),
        }
    }

    pub(super) fn finish(self) -> Result<W, Failure> {
        match self {
            Self::Library(serializer) => Ok(serializer.finish()?),
            Self::Turtle { out, .. } | Self::Csv { out } => Ok(out),
            Self::Xml { mut out } => {
                out.write_all(b"</results>\n</sparql>\n")?;
                Ok(out)
            }
        }
    }
}

/// Writes the answer of an ASK.
pub(super) fn write_boolean<W: Write>(
    format: SolutionsFormat,
    value: bool,
    mut out: W,
) -> Result<W, Failure> {
    let library = match format {
        SolutionsFormat::Turtle => {
            write!(out, "{TURTLE_HEAD}\n[] a ns:Result ; ns:boolean {value} .\n")?;
            return Ok(out);
        }
        SolutionsFormat::Json => QueryResultsFormat::Json,
        SolutionsFormat::Xml => QueryResultsFormat::Xml,
        SolutionsFormat::Csv => QueryResultsFormat::Csv,
        SolutionsFormat::Tsv => QueryResultsFormat::Tsv,
    };
    Ok(QueryResultsSerializer::from_format(library).serialize_boolean_to_writer(out, value)?)
}

fn write_turtle_row<'t>(
    out: &mut impl Write,
    bound: impl Iterator<Item = (&'t Variable, &'t Term)>,
) -> io::Result<()> {
    out.write_all(b"\n[] a ns:Result")?;
    for (variable, value) in bound {
        // Every name of a variable is a local name too (SPARQL 1.1, VARNAME; Turtle, PN_LOCAL).
        write!(out, " ;\n    ns:{} ", variable.as_str())?;
        write_term(out, value.as_ref())?;
    }
    out.write_all(b" .\n")
}

fn write_xml_row<'t>(
    out: &mut impl Write,
    bound: impl Iterator<Item = (&'t Variable, &'t Term)>,
) -> Result<(), Failure> {
    out.write_all(b"<result>")?;
    for (variable, value) in bound {
        write!(out, "<binding name=\"{}\">", variable.as_str())?;
        match value {
            Term::NamedNode(node) => write_xml_element(out, "uri", node.as_str())?,
            Term::BlankNode(node) => write_xml_element(out, "bnode", node.as_str())?,
            Term::Literal(literal) => write_xml_literal(out, literal)?,
        }
        out.write_all(b"</binding>")?;
    }
    out.write_all(b"</result>\n")?;
    Ok(())
}

fn write_xml_literal(out: &mut impl Write, literal: &Literal) -> Result<(), Failure> {
    out.write_all(b"<literal")?;
    let attribute = match literal.language() {
        Some(language) => Some(("xml:lang", language)),
        None => {
            Some(("datatype", literal.datatype().as_str())).filter(|(_, datatype)| *datatype != XSD_STRING)
        }
    };
    if let Some((name, value)) = attribute {
        Failure::check_xml(SOLUTIONS_ADVICE, value)?;
        write!(out, " {name}=\"")?;
        xml::write_attribute(out, value)?;
        out.write_all(b"\"")?;
    }
    out.write_all(b">")?;
    Failure::check_xml(SOLUTIONS_ADVICE, literal.value())?;
    xml::write_text(out, literal.value())?;
    out.write_all(b"</literal>")?;
    Ok(())
}

fn write_xml_element(out: &mut impl Write, name: &str, text: &str) -> Result<(), Failure> {
    Failure::check_xml(SOLUTIONS_ADVICE, text)?;
    write!(out, "<{name}>")?;
    xml::write_text(out, text)?;
    write!(out, "</{name}>")?;
    Ok(())
}

fn write_csv_row(out: &mut impl Write, row: &[(&Variable, Option<&Term>)]) -> io::Result<()> {
    for (place, (_, value)) in row.iter().enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        match value {
            None => {}
            Some(Term::NamedNode(node)) => write_csv_value(out, node.as_str())?,
            Some(Term::BlankNode(node)) => write!(out, "_:{}", node.as_str())?,
            Some(Term::Literal(literal)) => write_csv_value(out, literal.value())?,
        }
    }
    out.write_all(b"\r\n")
}

fn write_csv_value(out: &mut impl Write, value: &str) -> io::Result<()> {
    if !value.contains(['"', ',', '\r', '\n']) {
        return out.write_all(value.as_bytes());
    }
    write!(out, "\"{}\"", value.replace('"', "\"\""))
}
