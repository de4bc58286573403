"""Writes the sample files of the partner sources: ``python tests/samples/make_partner_samples.py``.

Everything is invented. Each sample holds the usual, one line to quarantine, and the habits of its producer.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import xlsxwriter

Sheets = dict[str, list[tuple[object, ...]]]

HERE = Path(__file__).parent
A, B = "3400930000014", "3400930000021"  # two presentations that do not exist
STOCK_TITLES = ("Semaine", "Grossiste", "CIP13", "Libellé", "Stock (boîtes)", "Ventes de la semaine (boîtes)")

POINTSTOCK: Sheets = {
    "Stocks": [
        ("Point Stock – semaine 46",),
        STOCK_TITLES,
        ("2026-S46", "Grossiste A", A, "AMOXICILLINE LABORATOIRE A", 1250, 310),
        ("2026-S46", "Grossiste A", float(B), "AMOXICILLINE LABORATOIRE B", "1 420,5", "n.c."),
        ("2026-S46", "Grossiste A", float(B), "AMOXICILLINE LABORATOIRE B", "1 420,5", 95),
        ("Total", None, None, None, 2670.5, 405),
    ],
    "Notice": [("Une ligne par présentation.",)],
}
GROSSISTES: Sheets = {
    "Stocks": [
        (
            *STOCK_TITLES,
            *("Ventes de référence (boîtes)", "Référence du", "Référence au"),
        ),
        ("2026-S46", "Grossiste A", A, None, 1250, 310, 96000, datetime(2025, 10, 1), "31/03/2026"),
        ("2026-S46", "Grossiste A", B, None, 800, 95, None, None, None),
        ("2026-S45", "Grossiste A", A, None, 1300, 290, 96000, None, "31/03/2026"),
    ],
}
TRACSTOCKS: Sheets = {
    "STOCKS": [
        ("Semaine", "Exploitant", "Code CIP", "Stock (milliers de boîtes)", "Ventes 4 semaines", "Ventes semaine"),
        (202646, "LABORATOIRE A", A, 42, 28500, 7100),
        (202646, "LABORATOIRE B", B, "1,5", None, 210),
        (202646, "LABORATOIRE B", "3400930000022", 3, None, 210),
    ],
    "approvisionnements": [
        ("Semaine", "Laboratoire", "CIP13", "Date de livraison prévue", "Quantité (milliers de boîtes)"),
        (202646, "LABORATOIRE A", A, datetime(2026, 12, 7), 15),
        (202646, "LABORATOIRE B", B, "14 décembre 2026", "2,25"),
    ],
}
DECLARATION_TITLES = (
    *(
        "N° de déclaration",
        "Version",
        "Date de la version",
        "Laboratoire",
        "CIP13",
        "Classification",
        "Statut",
        "Causes",
    ),
    *("Circuits impactés", "Début", "Durée prévue (semaines)", "Remise à disposition prévue", "PDM ville (%)"),
)
TRUSTMED: Sheets = {
    "Déclarations": [
        DECLARATION_TITLES,
        *(
            ("D-2026-00042", 1, datetime(2026, 11, 2), "LABORATOIRE A", A, "Risque de rupture", "En cours")
            + ("Incident de production ; Transfert de site", "Ville ; PUI", "20/11/2026", 6, "04/01/2027", "12,5 %"),
            ("D-2026-00042", 2, datetime(2026, 11, 16), "LABORATOIRE A", A, "Rupture", "Ouverte")
            + ("Incident de production", "Ville", "20/11/2026", 8, "18/01/2027", 12.5),
            ("D-2026-00043", 1, datetime(2026, 11, 16), "LABORATOIRE B", B, "Pénurie", "Ouverte")
            + ("Hausse de la demande", "Hôpital", "23/11/2026", None, None, None),
        ),
    ],
    "Approvisionnements": [
        ("N° de déclaration", "Version", "Rang", "Date prévue", "Quantité", "État"),
        ("D-2026-00042", 1, 1, "07/12/2026", 15000, "Prévu"),
        ("D-2026-00042", 2, 1, "21/12/2026", 15000, "prevu"),
    ],
    "Mesures": [
        ("N° de déclaration", "Version", "Mesure", "État", "Début", "% ville", "% hôpital"),
        ("D-2026-00042", 2, "CONTINGENTEMENT QUANTITATIF", "En place", "18/11/2026", "60 %", 80),
    ],
}
ARRETS: Sheets = {
    "Arrêts": [
        ("Export du formulaire – octobre 2026",),
        ("N° de dossier", "Déposé le", "Exploitant", "CIS", "Code CIP", "Arrêt prévu le", "Raison", "PDM ville", "PDM hôpital", "Examen"),
        ("A-2026-0042", datetime(2026, 10, 2), "LABORATOIRE A", "60000019", None, "31/03/2027", "Raisons commerciales", "12,5 %", 3, "En attente"),
        ("A-2026-0043", datetime(2026, 10, 9), "LABORATOIRE B", None, float(B), "1er mai 2027", "QUALITÉ", None, "0,4", "Revue"),
        ("A-2026-0044", datetime(2026, 10, 9), "LABORATOIRE B", None, None, "01/05/2027", "Autre", None, None, None),
        ("A-2026-0045", datetime(2026, 10, 9), "LABORATOIRE B", 60000027.0, None, "bientôt", "Autre", None, None, None),
    ],
}  # fmt: skip
IQVIA_TITLES = (
    "Semaine;Groupe;Niveau;Territoire;Officines du panel;Ventes (boîtes);Tendance (%);Couverture (j);"
    "Niveau 0 (%);Niveau 1 (%);Niveau 2 (%);Niveau 3 (%)"
)
IQVIA = (
    IQVIA_TITLES,
    "2026-S46;amoxicilline-susp-500;National;France;8 912;61 204;-4,2;5,4;12,0;20,0;30,0;38,0",
    "2026-S46;amoxicilline-susp-500;Région;6;14;120;;2,1;40;30;20;10",
    "2026-S46;amoxicilline-susp-500;Département;1;42;310;1,5;5,4;12;20;30;39",
    "2026-S46;amoxicilline-susp-500;Département;2A;9;40;;;;;;",
    "2026-S46;amoxicilline-susp-500;Département;20;9;40;;;;;;",
    "2026-S46;amoxicilline-susp-500;Département;03;31;280;0;5,4;0,12;0,2;0,3;0,38",
)
OPENHEALTH = (
    '"PERIODE";"CODE_CIP13";"CODE_REGION";"NB_BOITES";"NB_BOITES_PRESCRITES"',
    f'"2026-11-09";"{A}";"84";1234,5;1100,0',
    f'"2026-11-09";"{A}";"11";2201;NA',
    f'"2026-11-09";"{B}";"94";12;3',
    f'"2026-11-09";"{B}";"11";NA;NA',
)
CSRP: Sheets = {
    "Présence": [
        ("Observatoire de la répartition – semaine 46",),
        ("Semaine", "Code CIP", "Désignation", "Taux de présence (%)", "Nb agences", "Niveau", "Territoire"),
        ("2026-S46", A, "AMOXICILLINE LABORATOIRE A", "62,5 %", 170, None, None),
        ("2026-S46", A, "AMOXICILLINE LABORATOIRE A", 40, 9, "Département", 1),
        ("2026-S46", float(B), "AMOXICILLINE LABORATOIRE B", 104, 170, "National", "France"),
        ("2026-S46", float(B), "AMOXICILLINE LABORATOIRE B", 7, 9, None, "01"),
    ],
}
ESMP: Sheets = {
    "Déclarations ESMP": [
        ("Numéro ESMP", "Version", "CIS", "Numéro UE", "Member states", "Type", "Start date", "Date de fin prévue", "Cause", "Part de marché", "Status", "Last update"),
        ("ESMP-2026-0042", 1, "60000019", None, "FR ; BE ; Germany", "Potential shortage", datetime(2026, 11, 2), "04/01/2027", "Incident de production", "12,5 %", "Open", datetime(2026, 11, 9)),
        ("ESMP-2026-0042", 2, "60000019", None, "France", "Shortage", datetime(2026, 11, 2), "18/01/2027", "Incident de production", 12.5, "Ongoing", "16/11/2026"),
        ("ESMP-2026-0043", 1, None, "EU/1/99/103/004", "Espagne\nItalie", "Risque", "20/11/2026", None, None, None, "Resolved", "16/11/2026"),
        ("ESMP-2026-0044", 1, None, None, "France", "Risque", "20/11/2026", None, None, None, "Open", "16/11/2026"),
        ("ESMP-2026-0045", 1, "60000027", None, "Atlantide", "Risque", "20/11/2026", None, None, None, "Open", "16/11/2026"),
    ],
}  # fmt: skip
CODEX: Sheets = {
    "AMM": [
        ("CIS", "Nom", "Substances", "Dosage", "Exploitant", "Commercialisée le", "Arrêtée le", "Essentiel", "Date d'extraction"),
        ("60000019", "AMOXICILLINE LABORATOIRE A", "AMOXICILLINE", "500 mg", "LABORATOIRE A", "12/03/2009", "20261031", "Oui", datetime(2026, 11, 16)),
        (60000027.0, "AMOXICILLINE ACIDE CLAVULANIQUE LABORATOIRE B", "Acide clavulanique + amoxicilline", None, "LABORATOIRE B", "mars 2012", None, "X", "2026-11-16"),
        ("60000035", "FICTIVIR LABORATOIRE A", "fictivir", None, None, 20150315, "15-mars-2020", "Non", "16.11.2026"),
        ("60000043", "FICTIVIR LABORATOIRE B", "fictivir", None, None, "avant 95", None, "Non", "16/11/2026"),
        ("60000050", "FICTIVIR LABORATOIRE C", "fictivir", None, None, "n.c.", None, None, "16/11/2026"),
    ],
}  # fmt: skip
VIGIRUPTURE = (
    "Date;Code CIP13;Désignation;Tension;Couverture (jours);Officines",
    f"16/11/2026;{A};AMOXICILLINE LABORATOIRE A;Tension modérée;4,5;850",
    f"2026-11-16;{B};AMOXICILLINE LABORATOIRE B;3;;",
    f"09/11/2026;{B};AMOXICILLINE LABORATOIRE B;;;850",
)

DISPOSTOCK: Sheets = {
    "Stocks PUI": [
        ("Relevé e-Dispostock – semaine 46",),
        ("Sem.", "N° FINESS", "Dpt", "Molécule", "Forme et dosage", "Stock", "Conso/j"),
        ("2026-S46", "750000001", 75, "midazolam", "solution injectable 5 mg/ml", 420, "18,5"),
        ("2026-S46", 10000002, None, 9400001.0, "MIDAZOLAM 5MG/ML INJ AMP 1ML", "1 200", None),
        ("2026-S46", "2A0000003", None, "midazolam", None, 0, 0),
        ("2026-S46", "750000001", 75, "34009", None, 12, 3),
        ("2026-S46", "75001", 75, "midazolam", None, 12, 3),
        ("2026-S46", "750000001", 75, "adrénaline", "injectable 1 mg/ml", "n.c.", 3),
    ],
    "Notice": [("Une ligne par établissement et médicament.",)],
}
GERS: Sheets = {
    "Sell-in": [
        ("Mois", "Code produit", "Circuit", "Libellé", "Laboratoire", "Classe EphMRA", "Unités"),
        (datetime(2026, 10, 1), A, "Officine (boîtes)", None, "LABORATOIRE A", "J01C1", 12500),
        ("31/10/2026", float(B), "Officine", None, "LABORATOIRE B", "J01C1", "7 500"),
        ("01/10/2026", "3400894000018", "Hôpital (UCD)", "MIDAZOLAM 5MG/ML INJ AMP 1ML", None, None, 36525),
        ("01/10/2026", A, "Hôpital", None, "LABORATOIRE A", None, 12),
        ("01/10/2026", "9400001", "Officine", None, "LABORATOIRE A", None, 12),
        ("01/10/2026", B, "Export", None, "LABORATOIRE B", None, 12),
    ],
}
OCTAVE: Sheets = {
    "Ventes": [
        ("Exercice", "CIP13", "Exploitant", "Circuit", "Territoire", "Boîtes", "CA (k€)"),
        (2025, A, "LABORATOIRE A", "Grossistes/officines", "Métropole", 152000, "184,5"),
        (2025, A, "LABORATOIRE A", "Collectivités", "Outre-mer", 900, None),
        (2025, float(B), "LABORATOIRE B", "Ville", "France métropolitaine", "48 000", 60),
        (25, B, "LABORATOIRE B", "Ville", "DOM", 10, 1),
        (2025, B, "LABORATOIRE B", "Export", "DOM", 10, 1),
    ],
}
DPRUPTURES: Sheets = {
    "Alertes": [
        ("DP-Ruptures – alertes de la semaine 46",),
        ("Alerte", "Date de l'alerte", "Code CIP", "Dpt", "Clôturée le", "Nb grossistes", "Officines raccordées"),
        ("DP-2026-004217", datetime(2026, 11, 9), A, 35, None, 2, 310),
        ("DP-2026-004217", datetime(2026, 11, 9), float(B), 35, "12/11/2026", 3, 310),
        ("DP-2026-004218", "10/11/2026", A, "2A", None, None, None),
        ("DP-2026-004219", "10/11/2026", A, None, None, 2, None),
        ("DP-2026-004220", "10/11/2026", A, 99, None, 2, None),
        ("DP-2026-004221", "10/11/2026", A, 35, "09/11/2026", 2, None),
    ],
    "stocks": [
        ("Date", "Nom de l'acteur", "Nature", "Département", "Code CIP", "Stock", "Ventes"),
        (datetime(2026, 11, 15), "Officines", "Pharmacies", 35, A, "1 250", 85),
        (datetime(2026, 11, 15), "LABORATOIRE A", "Laboratoire", "France", A, 42000, None),
        (datetime(2026, 11, 15), "Hôpital fictif", "PUI", "2A", float(B), 12, 0),
        (datetime(2026, 11, 15), "Officines", "Pharmacies", "Bretagne", A, 1250, 85),
    ],
    "Notice": [("Une ligne par alerte, une ligne par stock.",)],
}
SISAC = (
    "Signal;Date du signal;ARS;Dpt;CIS;Code CIP;Molécule;Circuit;Nature;Signalement;Qualifié;Nb patients;Transmis le;Répondu le;Réponse",
    "SIG-2026-0042;12/11/2026;Bretagne;35;;;amoxicilline;Officine;Inconnue;Aucune livraison depuis dix jours.;Oui;40;13/11/2026;;",
    f"SIG-2026-0043;13/11/2026;94;2A;;{A};;Hôpital;Persistance;Toujours absent, dit disponible.;X;;13/11/2026;16/11/2026;Transmis à l'exploitant.",
    "SIG-2026-0044;13/11/2026;ARS La Réunion;;60000019;;;Les deux;Inconnue des autorités;;Non;;;;",
    "SIG-2026-0045;13/11/2026;Bretagne;75;;;amoxicilline;Ville;Inconnue;;;;;;",
    "SIG-2026-0046;13/11/2026;Bretagne;35;;;;Ville;Inconnue;;;;;;",
    "SIG-2026-0047;13/11/2026;Bretagne;35;;;amoxicilline;Ville;Rumeur;;;;;;",
    "SIG-2026-0048;13/11/2026;Bretagne;35;;;amoxicilline;Ville;Inconnue;;;;;12/11/2026;",
)
PREPARATIONS: Sheets = {
    "Préparations": [
        ("Semaine", "DCI ou groupe", "Nb préparations", "Nb officines", "Date de la recommandation", "Motif"),
        ("2026-S45", "amoxicilline-susp-500", 120, 35, datetime(2026, 10, 30), "Tension sur la suspension buvable"),
        ("2026-S45", "Amoxicilline", 0, None, "30/10/2026", None),
        ("2026-S45", "dci:amoxicilline", "beaucoup", None, None, None),
    ],
}
EDL: Sheets = {
    "Sites": [
        ("État des lieux annuel – annexe B",),
        ("Exercice", "Exploitant", "CIS", "Spécialité", "Activité", "Nom du site", "Pays du site", "Sous-traitance", "Statut MITM", "Circuit de distribution"),
        (2026, "LABORATOIRE A", "60000019", "AMOXICILLINE LABORATOIRE A", "Principe actif", "Synthèse fictive Kadampur", "India", "X", "MITM", None),
        (2026, "LABORATOIRE A", 60000019.0, None, "Fabrication du produit fini", "ATELIER FICTIF VALMONT", "FR", "Non", "Oui", "Grossistes"),
        (2026, "LABORATOIRE A", "60000019", None, "Libération des lots", "Atelier  fictif-Valmont", None, None, None, None),
        (2026, "LABORATOIRE A", "60000027", None, "Sérialisation", "ATELIER FICTIF VALMONT", "France", "Non", "Oui", None),
        (2027, "LABORATOIRE A", "60000027", None, "Fabrication", "ATELIER FICTIF VALMONT", "France", "Non", "Oui", None),
        (2026, "LABORATOIRE A", "60000027", None, "Fabrication", None, "France", "Non", "Oui", None),
    ],
}  # fmt: skip
PGP: Sheets = {
    "Plans": [
        ("Registre des plans de gestion – campagne 2025",),
        ("CIS", "Année du plan", "Spécialité", "Exploitant", "Date de réception", "Risque par étape", "Sites de substance active", "Site de libération", "Risque patient", "Prévention", "Mesures de pénurie", "Stock de sécurité (mois)", "Revue du plan", "Lecteur", "Avis"),
        ("60000019", 2025, "AMOXICILLINE LABORATOIRE A", "LABORATOIRE A", datetime(2025, 12, 18), "X", "Kadampur (Inde)", "Aubrac", "Perte de chances", "Second fournisseur", "Contingentement", "2,5", "Annuelle", "Cellule des plans", "Conforme"),
        (60000027.0, 2025, None, "LABORATOIRE B", "19/12/2025", None, None, None, None, None, None, "n.c.", None, "Cellule des plans", "Illisible"),
        ("60000035", 2025, None, None, None, None, None, None, None, None, None, None, None, None, None),
        ("60000043", 2025, None, "LABORATOIRE B", "19/12/2026", None, None, None, None, None, None, 2, None, None, "Insuffisant"),
        ("60000050", 2025, None, "LABORATOIRE B", None, None, None, None, "Faible", None, None, 2, None, None, "Insuffisant"),
        ("60000068", 2028, None, "LABORATOIRE B", None, None, None, None, None, None, None, 2, None, None, "Insuffisant"),
        ("60000076", 2025, None, "LABORATOIRE B", None, None, None, None, None, None, None, 60, None, None, "Insuffisant"),
    ],
}  # fmt: skip


def main() -> None:
    """Writes every sample beside this script."""
    write_workbook(HERE / "pointstock" / "grossiste_a_2026-S46.xlsx", POINTSTOCK)
    write_workbook(HERE / "grossistes" / "grossiste_a_2026-S46.xlsx", GROSSISTES)
    write_workbook(HERE / "tracstocks" / "tracstocks_2026-S46.xlsx", TRACSTOCKS)
    write_workbook(HERE / "trustmed" / "trustmed_2026-11-16.xlsx", TRUSTMED)
    write_workbook(HERE / "arrets" / "arrets_2026-10.xlsx", ARRETS)
    write_workbook(HERE / "csrp" / "csrp_2026-S46.xlsx", CSRP)
    write_workbook(HERE / "esmp" / "esmp_2026-11-16.xlsx", ESMP)
    write_workbook(HERE / "codex" / "codex_2026-11-16.xlsx", CODEX)
    write_text(HERE / "vigirupture" / "vigirupture_2026-11-16.csv", VIGIRUPTURE, "utf-8-sig")
    write_workbook(HERE / "dispostock" / "dispostock_2026-S46.xlsx", DISPOSTOCK)
    write_workbook(HERE / "gers" / "gers_2026-10.xlsx", GERS)
    write_workbook(HERE / "octave" / "octave_2025.xlsx", OCTAVE)
    write_workbook(HERE / "dpruptures" / "dpruptures_2026-S46.xlsx", DPRUPTURES)
    write_text(HERE / "sisac" / "sisac_2026-11.csv", SISAC, "utf-8-sig")
    write_workbook(HERE / "preparations" / "preparations_2026-S45.xlsx", PREPARATIONS)
    write_workbook(HERE / "edl" / "edl_2026.xlsx", EDL)
    write_workbook(HERE / "pgp" / "pgp_2025.xlsx", PGP)
    write_text(HERE / "iqvia" / "iqvia_2026-S46.csv", IQVIA, "utf-8-sig")
    write_text(HERE / "openhealth" / "openhealth_2026-S46.csv", OPENHEALTH, "cp1252")


def write_workbook(path: Path, sheets: Sheets) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # same bytes each time
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)


def write_text(path: Path, lines: tuple[str, ...], encoding: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))


if __name__ == "__main__":
    main()
